/** Makes the subscription lines of the sample, `lines.csv`, from the recorded answers: `node samples/makeLines.ts`. */

import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  defaultResource,
  type ImportColumn,
  productByType,
  type Resource,
  resourceNamed,
} from '@seatledger/contract';
import recording from './recorded/production-2025-12-12.json' with { type: 'json' };

export type Recording = Pick<typeof recording, 'productOverview' | 'servicesBatch'>;
type RecordedCustomer = Recording['servicesBatch']['data'][number];
type RecordedService = RecordedCustomer['products'][number];
type RecordedOverview = Recording['productOverview'][number];

const columns = [
  'customerId',
  'organization',
  'productType',
  'resource',
  'seats',
  'source',
] as const satisfies readonly ImportColumn[];
type SampleLine = Readonly<Record<(typeof columns)[number], string | number>>;

/**
 * The sample as CSV, with a header row.
 *
 * A customer with recorded service lines has those. Another has one line for each overview answer above 0, of the product's default
 * resource and without a source, since none was recorded.
 */
export function makeLines({ servicesBatch, productOverview }: Recording): string {
  const customersWithServices = new Set(servicesBatch.data.map(({ customerId }) => customerId));
  const lines = [
    ...servicesBatch.data.flatMap((customer) =>
      customer.products.map((service) => lineOfService(customer, service)),
    ),
    ...productOverview
      .filter(
        ({ customerId, purchasedUserSeat }) =>
          !customersWithServices.has(customerId) && purchasedUserSeat > 0,
      )
      .map(lineOfOverview),
  ];
  return [columns, ...lines.map((line) => columns.map((column) => line[column]))]
    .map((cells) => `${cells.map(csvCell).join(',')}\n`)
    .join('');
}

function lineOfService(
  { customerId, organization }: RecordedCustomer,
  recorded: RecordedService,
): SampleLine {
  const { service, purchasedUserSeats, purchasedUnits, source } = recorded;
  const resource = resourceNamed(service);
  if (resource === undefined) throw new Error(`the catalogue has no resource for the service "${service}"`);
  return {
    customerId,
    organization,
    ...productAndResource(resource),
    seats: recordedNumber(purchasedUserSeats) ?? recordedNumber(purchasedUnits) ?? 0,
    source,
  };
}

function lineOfOverview({
  customerId,
  organization,
  productType,
  purchasedUserSeat,
}: RecordedOverview): SampleLine {
  const product = productByType(productType);
  if (product === undefined) throw new Error(`the catalogue has no product ${productType}`);
  return {
    customerId,
    organization,
    ...productAndResource(defaultResource(product.type)),
    seats: purchasedUserSeat,
    source: '',
  };
}

function productAndResource({ productType, id }: Resource): Pick<SampleLine, 'productType' | 'resource'> {
  return { productType, resource: id };
}

/** The service lists write every number as text, and what does not apply as "N/A". */
function recordedNumber(text: string): number | undefined {
  if (text === 'N/A') return undefined;
  if (!/^[0-9]+$/.test(text)) throw new Error(`"${text}" is neither a number nor "N/A"`);
  return Number(text);
}

function csvCell(value: string | number): string {
  const text = String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

if (import.meta.main) writeFileSync(join(import.meta.dirname, 'lines.csv'), makeLines(recording));

/**
 * Seats as lines of NDJSON and as rows of CSV, for streams of a whole estate.
 *
 * Written by hand, because there may be a million of them: neighbours share customer, source and instant, and their texts are made once.
 * A line is what `JSON.stringify` makes of the wire form.
 */

import { defused, productByType, seatsColumns } from '@seatledger/contract';
import type { SeatsOfHolding } from '../ledger/index.ts';
import type { Moment } from '../record/index.ts';
import { instantToWire } from './instants.ts';

export interface SeatTexts {
  /** What comes before the first row. */
  readonly head: string;
  readonly rowsOf: (rows: readonly SeatsOfHolding[]) => string;
}

export function seatsAsLines({ sequence, at }: Moment): SeatTexts {
  const end = `,"asOf":"${instantToWire(at)}","asOfSequence":${sequence}}\n`;
  const organizationOf = knowingLast((organization: string) => JSON.stringify(organization));
  const sourceOf = knowingLast((source: string) => JSON.stringify(source));
  const instantOf = knowingLast(instantToWire);
  return {
    head: '',
    rowsOf(rows) {
      let text = '';
      for (const row of rows) {
        text +=
          `{"customerId":"${row.customerId}","organization":${organizationOf(row.organization)},"productType":${row.productType}` +
          `,"product":${JSON.stringify(productOf(row))},"purchased":${row.purchased},"assigned":${row.assigned}` +
          `,"available":${row.available},"source":[${row.sources.map(sourceOf).join(',')}]` +
          `,"sequence":${row.sequence},"recordedAt":"${instantOf(row.recordedAt)}"${end}`;
      }
      return text;
    },
  };
}

/** RFC 4180, in the order of `seatsColumns`. */
export function seatsAsCsv({ sequence, at }: Moment): SeatTexts {
  const end = `,${instantToWire(at)},${sequence}\r\n`;
  const organizationOf = knowingLast(csvCell);
  const sourceOf = knowingLast(csvCell);
  const instantOf = knowingLast(instantToWire);
  return {
    head: `${seatsColumns.join(',')}\r\n`,
    rowsOf(rows) {
      let text = '';
      for (const row of rows) {
        text +=
          `${row.customerId},${organizationOf(row.organization)},${row.productType},${csvCell(productOf(row))},${row.purchased}` +
          `,${row.assigned},${row.available},${sourceOf(row.sources.join('; '))},${row.sequence}` +
          `,${instantOf(row.recordedAt)}${end}`;
      }
      return text;
    },
  };
}

const needsQuotes = /[",\r\n]/;

/** A text as a cell that is run as no formula. */
export function csvCell(text: string): string {
  const harmless = defused(text);
  return needsQuotes.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

function productOf({ productType }: SeatsOfHolding): string {
  return productByType(productType)?.name ?? '';
}

/** The function, which does not work for the same value twice in succession. */
function knowingLast<Value, Text>(make: (value: Value) => Text): (value: Value) => Text {
  let last: { readonly value: Value; readonly text: Text } | undefined;
  return (value) => {
    if (last === undefined || last.value !== value) last = { value, text: make(value) };
    return last.text;
  };
}

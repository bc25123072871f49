/** One row of a file, from its fields to what the ledger takes. */

import {
  defaultResource,
  type FieldProblem,
  type FieldProblemCode,
  fieldProblem,
  type ImportColumn,
  isPlainText,
  licenceTypes,
  parseCustomerId,
  productByType,
  productNamed,
  type Resource,
  resourceNamed,
  seatsMax,
} from '@seatledger/contract';
import { organizationLengthMax } from '../../estate/index.ts';
import { defaultSource, externalIdLengthMax, type ImportRow, sourceLengthMax } from '../../ledger/index.ts';
import { instantFromWire } from '../instants.ts';
import type { ImportFields } from './fields.ts';

const wholeNumber = /^\d{1,10}$/;

export function rowFromWire(fields: ImportFields, line: number): ImportRow | readonly FieldProblem[] {
  const problems: FieldProblem[] = [];
  function refuse(column: ImportColumn, code: FieldProblemCode, message?: string): undefined {
    problems.push(fieldProblem(column, code, { line, ...(message === undefined ? {} : { message }) }));
  }

  /** The field's value by `parse`, or undefined, with a problem where it has one that cannot be. */
  function read<Value>(
    column: ImportColumn,
    code: FieldProblemCode,
    parse: (text: string) => Value | undefined,
  ): Value | undefined {
    const text = fields[column];
    if (text === undefined) return undefined;
    return parse(text) ?? refuse(column, code);
  }
  function require<Value>(
    column: ImportColumn,
    code: FieldProblemCode,
    parse: (text: string) => Value | undefined,
  ): Value | undefined {
    return fields[column] === undefined ? refuse(column, 'value_required') : read(column, code, parse);
  }
  function readText(column: ImportColumn, lengthMax: number): string | undefined {
    const text = fields[column];
    if (text === undefined) return undefined;
    if (text.length > lengthMax)
      return refuse(column, 'value_too_long', `At most ${lengthMax} characters are taken.`);
    return isPlainText(text, lengthMax)
      ? text
      : refuse(column, 'value_invalid', 'Control characters are not taken.');
  }

  const customerId = require('customerId', 'customer_id_invalid', parseCustomerId);
  const product = require('productType', 'product_type_unknown', productNamed);
  const seats = require('seats', 'seats_invalid', seatsOf);
  const startsAt = read('startsAt', 'instant_invalid', instantOf);
  const expiresAt = read('expiresAt', 'instant_invalid', instantOf);
  const licenceType = read('licenceType', 'value_invalid', (text) =>
    licenceTypes.find((type) => type === text.toLowerCase()),
  );
  const named = read('resource', 'resource_unknown', resourceNamed);
  const organization = readText('organization', organizationLengthMax);
  const source = readText('source', sourceLengthMax);
  const externalId = readText('externalId', externalIdLengthMax);

  const resource = product === undefined ? undefined : (named ?? defaultResource(product.type));
  if (product !== undefined && resource !== undefined && resource.productType !== product.type) {
    refuse('resource', 'resource_of_other_product', ofOtherProduct(resource));
  }
  if (startsAt !== undefined && expiresAt !== undefined && expiresAt < startsAt)
    refuse('expiresAt', 'term_inverted');
  if (
    customerId === undefined ||
    product === undefined ||
    seats === undefined ||
    resource === undefined ||
    problems.length > 0
  ) {
    return problems;
  }
  return {
    line,
    customerId,
    organization: organization ?? null,
    productType: product.type,
    resource: resource.id,
    seats,
    startsAt: startsAt ?? null,
    expiresAt: expiresAt ?? null,
    source: source ?? defaultSource,
    externalId: externalId ?? null,
    licenceType: licenceType ?? 'enterprise',
  };
}

/** The last ones, for a file gives many lines one term. */
const instants = new Map<string, number | undefined>();
const instantsMax = 64;

function instantOf(text: string): number | undefined {
  if (!instants.has(text)) {
    if (instants.size === instantsMax) instants.clear();
    instants.set(text, instantFromWire(text));
  }
  return instants.get(text);
}

function seatsOf(text: string): number | undefined {
  const seats = Number(text);
  return wholeNumber.test(text) && seats <= seatsMax ? seats : undefined;
}

function ofOtherProduct({ id, productType }: Resource): string {
  return `The resource ${id} is one of product ${productType} (${productByType(productType)?.name}).`;
}

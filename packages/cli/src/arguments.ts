/** What is written on the command line, read as what it names; wrong usage where it names nothing. */

import {
  type CustomerId,
  fieldProblems,
  type Product,
  parseCustomerId,
  productNamed,
} from '@seatledger/contract';
import { InvalidArgumentError } from 'commander';

/** A product by its number or by its name, case ignored. */
export function productArgument(text: string): Product {
  const product = productNamed(text);
  if (product === undefined) {
    throw new InvalidArgumentError(
      'There is no such product; seatledger products lists their numbers and names.',
    );
  }
  return product;
}

export function customerArgument(text: string): CustomerId {
  const id = parseCustomerId(text);
  if (id === undefined) throw new InvalidArgumentError(fieldProblems.customer_id_invalid);
  return id;
}

/** For an option that is given several times or with several values. */
export function customersArgument(
  text: string,
  before: readonly CustomerId[] | undefined,
): readonly CustomerId[] {
  return [...(before ?? []), customerArgument(text)];
}

/** What is written on the command line, read as what it names; wrong usage where it names nothing. */

import {
  type CustomerId,
  fieldProblems,
  type Product,
  parseCustomerId,
  productNamed,
  type Resource,
  resourceNamed,
  seatsMax,
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

/** A resource by its id or by its service text, case ignored. */
export function resourceArgument(text: string): Resource {
  const resource = resourceNamed(text);
  if (resource === undefined) {
    throw new InvalidArgumentError('There is no such resource; seatledger products lists their ids.');
  }
  return resource;
}

export function seatsArgument(text: string): number {
  const seats = wholeNumber(text);
  if (seats === undefined || seats > seatsMax) throw new InvalidArgumentError(fieldProblems.seats_invalid);
  return seats;
}

/** A whole number: an id of the ledger, an event of the record, how many. */
export function numberArgument(text: string): number {
  const number = wholeNumber(text);
  if (number === undefined) throw new InvalidArgumentError('Use a whole number.');
  return number;
}

/** A whole number that may be less than 0, as what is available may. */
export function signedNumberArgument(text: string): number {
  const number = Number(text);
  if (!/^-?\d{1,16}$/.test(text) || !Number.isSafeInteger(number))
    throw new InvalidArgumentError('Use a whole number.');
  return number;
}

/** A part of a whole, from 0 to 1. */
export function shareArgument(text: string): number {
  const share = Number(text);
  if (!/^(?:\d+|\d*\.\d+)$/.test(text) || share > 1)
    throw new InvalidArgumentError('Use a number from 0 to 1, for example 0.1 for a tenth.');
  return share;
}

function wholeNumber(text: string): number | undefined {
  return /^\d{1,16}$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : undefined;
}

export function customerArgument(text: string): CustomerId {
  const id = parseCustomerId(text);
  if (id === undefined) throw new InvalidArgumentError(fieldProblems.customer_id_invalid);
  return id;
}

/** These two are for an option that is given several times or with several values. */
export function numbersArgument(text: string, before: readonly number[] | undefined): readonly number[] {
  return [...(before ?? []), numberArgument(text)];
}

export function customersArgument(
  text: string,
  before: readonly CustomerId[] | undefined,
): readonly CustomerId[] {
  return [...(before ?? []), customerArgument(text)];
}

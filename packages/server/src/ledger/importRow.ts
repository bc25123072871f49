/** One row of an import, checked by itself: everything that can be known without looking at the ledger. */

import type { CustomerId, LicenceType, ProductType } from '@seatledger/contract';

export interface ImportRow {
  /** The line of the file, from 1. */
  readonly line: number;
  readonly customerId: CustomerId;
  /** The name for a customer that is not there yet. */
  readonly organization: string | null;
  readonly productType: ProductType;
  readonly resource: string;
  readonly seats: number;
  /** Epoch milliseconds; null where the start was not given. */
  readonly startsAt: number | null;
  /** Epoch milliseconds; null where the line does not end. */
  readonly expiresAt: number | null;
  readonly source: string;
  readonly externalId: string | null;
  readonly licenceType: LicenceType;
}

/** The longest source and external id, in characters. */
export const sourceLengthMax = 100;
export const externalIdLengthMax = 200;
/** The source of a line that names none. */
export const defaultSource = 'import';

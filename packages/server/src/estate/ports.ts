/** What the estate needs of the store. */

import type { CustomerId } from '@seatledger/contract';
import type { Head } from '../record/index.ts';

export interface Partner {
  readonly partnerId: number;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

export interface Customer {
  readonly customerId: CustomerId;
  readonly organization: string;
}

/** Inside the transaction of a change. */
export interface EstateStore {
  partnerNamed(name: string): Promise<Partner | undefined>;
  /** Stores a partner with the head that its record begins at, and gives it its number. */
  insertPartner(partner: Omit<Partner, 'partnerId'> & { head: Head }): Promise<Partner>;
  /** Those of the customers that there are. */
  customersAmong(partnerId: number, ids: readonly CustomerId[]): Promise<readonly CustomerId[]>;
  insertCustomers(partnerId: number, customers: readonly Customer[]): Promise<void>;
}

/** Outside of one. */
export interface EstateReads {
  partners(): Promise<readonly Partner[]>;
  hasCustomer(partnerId: number, customerId: CustomerId): Promise<boolean>;
}

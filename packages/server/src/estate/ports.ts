/** What the estate needs of the store. */

import type { CustomerId, JobStatus, ManagementMode, TenantType } from '@seatledger/contract';
import type { Head } from '../record/index.ts';

export interface Partner {
  readonly partnerId: number;
  readonly name: string;
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** What is known of a customer. Texts of which nothing is known are empty. */
export interface CustomerFacts {
  readonly organization: string;
  readonly ownerEmail: string;
  readonly jobStatus: JobStatus;
  /** The name as it is shown, not a code. */
  readonly countryOrRegion: string;
  readonly managementMode: ManagementMode;
}

export interface Customer extends CustomerFacts {
  readonly customerId: CustomerId;
  /** The sequence of the event that it, or a tenant of it, last changed with. */
  readonly changedSequence: number;
}

export interface Tenant {
  readonly tenantId: string;
  readonly type: TenantType;
  readonly name: string;
  /** Seats of the tenant's own vendor, whole and 0 or more. */
  readonly availableSeats: number;
  readonly assignedSeats: number;
}

export interface CustomerGroup {
  /** The sequence of the event that created it. */
  readonly groupId: number;
  readonly name: string;
  readonly changedSequence: number;
}

/** Inside the transaction of a change. */
export interface EstateStore {
  partnerNamed(name: string): Promise<Partner | undefined>;
  /** Stores a partner with the head that its record begins at, and gives it its number. */
  insertPartner(partner: Omit<Partner, 'partnerId'> & { head: Head }): Promise<Partner>;
  /** Those of the customers that there are. */
  customersAmong(partnerId: number, ids: readonly CustomerId[]): Promise<readonly CustomerId[]>;
  /** The customer, locked to the end of the transaction: whoever changes something of it waits. */
  lockCustomer(partnerId: number, customerId: CustomerId): Promise<Customer | undefined>;
  /** Stores customers after those that there are, in this order. To be called where no other change of the partner is underway. */
  insertCustomers(partnerId: number, customers: readonly Customer[]): Promise<void>;
  updateCustomer(partnerId: number, customer: Customer): Promise<void>;
  /** Whether a customer has an owner of this address, case ignored. */
  hasOwner(partnerId: number, ownerEmail: string): Promise<boolean>;
  tenantsOf(partnerId: number, customerId: CustomerId): Promise<readonly Tenant[]>;
  putTenant(partnerId: number, customerId: CustomerId, tenant: Tenant): Promise<void>;
  deleteTenant(partnerId: number, customerId: CustomerId, tenantId: string): Promise<void>;
  groupOf(partnerId: number, groupId: number): Promise<CustomerGroup | undefined>;
  groupNamed(partnerId: number, name: string): Promise<CustomerGroup | undefined>;
  insertGroup(partnerId: number, group: CustomerGroup): Promise<void>;
  updateGroup(partnerId: number, group: CustomerGroup): Promise<void>;
  /** Deletes the group with its memberships. */
  deleteGroup(partnerId: number, groupId: number): Promise<void>;
  /** Those of the customers that are in the group. */
  membersAmong(
    partnerId: number,
    groupId: number,
    ids: readonly CustomerId[],
  ): Promise<readonly CustomerId[]>;
  /** `sequence` is the last event with which they joined, or left. */
  insertMembers(
    partnerId: number,
    groupId: number,
    ids: readonly CustomerId[],
    sequence: number,
  ): Promise<void>;
  deleteMembers(
    partnerId: number,
    groupId: number,
    ids: readonly CustomerId[],
    sequence: number,
  ): Promise<void>;
}

/** Outside of one. Lists go on after what is named, in the order of the id. */
export interface EstateReads {
  partners(): Promise<readonly Partner[]>;
  hasCustomer(partnerId: number, customerId: CustomerId): Promise<boolean>;
  customer(partnerId: number, customerId: CustomerId): Promise<Customer | undefined>;
  customersAfter(partnerId: number, after: string, limit: number): Promise<readonly Customer[]>;
  /** Customers in the order in which they came, from after so many of them on, and how many there are at the same moment. */
  customersInOrder(
    partnerId: number,
    page: { skip: number; limit: number },
  ): Promise<{ readonly customers: readonly Customer[]; readonly total: number }>;
  /** Those of the customers that there are, in the order asked. */
  customersOf(partnerId: number, customerIds: readonly CustomerId[]): Promise<readonly Customer[]>;
  /** The tenants of each of the customers, in the order of the customers and then of the tenant id. */
  tenantsOf(
    partnerId: number,
    customerIds: readonly CustomerId[],
  ): Promise<readonly (Tenant & { readonly customerId: CustomerId })[]>;
  group(partnerId: number, groupId: number): Promise<CustomerGroup | undefined>;
  groupsAfter(partnerId: number, after: number, limit: number): Promise<readonly CustomerGroup[]>;
  membersAfter(
    partnerId: number,
    groupId: number,
    after: string,
    limit: number,
  ): Promise<readonly CustomerId[]>;
  /** Those of the customers that are in the group. */
  membersAmong(
    partnerId: number,
    groupId: number,
    ids: readonly CustomerId[],
  ): Promise<readonly CustomerId[]>;
}

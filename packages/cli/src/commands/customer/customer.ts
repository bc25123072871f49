/** A customer, as it is read and shown. */

import { type Customer, type CustomerId, operations } from '@seatledger/contract';
import { hasMembers } from '../../connection/answerShape.ts';
import { operationPath } from '../../connection/operationPath.ts';
import type { CommandContext } from '../../commandContext.ts';
import { factsText } from '../../output/facts.ts';
import type { Listing } from '../../output/listing.ts';
import { type Column, table } from '../../output/table.ts';

export function isCustomer(body: unknown): body is Customer {
  return (
    hasMembers(body, {
      customerId: 'string',
      organization: 'string',
      ownerEmail: 'string',
      jobStatus: 'number',
      countryOrRegion: 'string',
      managementMode: 'number',
      changedSequence: 'number',
    }) &&
    Array.isArray(body.tenants) &&
    body.tenants.every((tenant) => hasMembers(tenant, { tenantId: 'string', type: 'number', name: 'string' }))
  );
}

/** Where the customer is got and changed, and what a change of its tenants is a change of. */
export function theCustomer(customerId: CustomerId) {
  const operation = operations.getCustomer;
  return { operation, path: operationPath(operation.path, { customerId }) };
}

export const customerListing: Listing<Customer> = {
  columns: [
    { title: 'CUSTOMER', value: ({ customerId }) => customerId },
    { title: 'ORGANIZATION', value: ({ organization }) => organization },
    { title: 'COUNTRY OR REGION', value: ({ countryOrRegion }) => countryOrRegion },
    { title: 'OWNER', value: ({ ownerEmail }) => ownerEmail },
    { title: 'MODE', value: ({ managementMode }) => managementMode, align: 'right' },
    { title: 'STATUS', value: ({ jobStatus }) => jobStatus, align: 'right' },
    { title: 'TENANTS', value: ({ tenants }) => tenants.length, align: 'right' },
  ],
  csv: [
    'customerId',
    'organization',
    'ownerEmail',
    'countryOrRegion',
    'managementMode',
    'jobStatus',
    'tenants',
    'changedSequence',
  ],
  empty: 'There is no customer that the app sees.',
};

type Tenant = Customer['tenants'][number];

const tenantColumns: readonly Column<Tenant>[] = [
  { title: 'TENANT', value: ({ tenantId }) => tenantId },
  { title: 'TYPE', value: ({ type }) => type, align: 'right' },
  { title: 'NAME', value: ({ name }) => name },
  { title: 'AVAILABLE', value: ({ availableSeats }) => availableSeats, align: 'right' },
  { title: 'ASSIGNED', value: ({ assignedSeats }) => assignedSeats, align: 'right' },
];

export function customerText({ stdout }: CommandContext): (customer: Customer) => string {
  return ({ tenants, ...customer }) =>
    factsText([
      ['customer', customer.customerId],
      ['organization', customer.organization],
      ['owner', customer.ownerEmail],
      ['country or region', customer.countryOrRegion],
      ['management mode', customer.managementMode],
      ['job status', customer.jobStatus],
      ['version', customer.changedSequence],
    ]) + (tenants.length === 0 ? '' : `\n${table(tenants, tenantColumns, stdout)}`);
}

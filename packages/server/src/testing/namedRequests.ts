/** Every operation, asked for something that is named: what the tests of isolation send. */

import { operations } from '@seatledger/contract';
import type { SendOptions } from './send.ts';

export type OperationId = keyof typeof operations;

/** Everything that a request can name. */
export interface Named {
  readonly customerId: string;
  readonly tenantId: string;
  readonly lineId: number;
  readonly poolId: number;
  readonly groupId: number;
  readonly clientId: string;
  readonly credentialId: string;
  readonly user: string;
  readonly userId: string;
}

export interface Asked extends SendOptions {
  readonly path: string;
}

/** How it is asked for what is named; `open` for one that shows nothing of any partner, `form` for OAuth, `stream` for one without an end. */
export type Row = ((named: Named) => readonly Asked[]) | 'form' | 'open' | 'stream';

export const any = { headers: { 'if-match': '*' } };
const csv = { headers: { 'content-type': 'text/csv' } };
const partnerCustomers = '/partner/external/v3/general/customers';
const licenseItems = [
  {
    resource: 'PartnerTenantSettingManagement',
    subscriptionSourceType: 1,
    isSameAsPool: true,
    userSeat: 1,
    paymentType: 0,
  },
];
const customer = ({ customerId }: Named) => `/api/v1/customers/${customerId}`;
const line = (named: Named) => `${customer(named)}/lines/${named.lineId}`;
const pool = ({ poolId }: Named) => `/api/v1/pools/${poolId}`;
const group = ({ groupId }: Named) => `/api/v1/groups/${groupId}`;
const app = ({ clientId }: Named) => `/api/v1/apps/${clientId}`;
export const held = ['elements.license.read.all'];

export const requestsFor: Readonly<Record<OperationId, Row>> = {
  getCustomerUserSeats: ({ customerId }) => [
    { path: `${partnerCustomers}/${customerId}/avpt-products/type/2048/overview` },
  ],
  batchCustomers: ({ customerId }) => [
    { path: `${partnerCustomers}/batch` },
    { path: `${partnerCustomers}/batch`, body: { customerIds: [customerId] } },
  ],
  onboardCustomer: ({ customerId }) => [
    {
      path: partnerCustomers,
      body: {
        firstName: 'Ada',
        lastName: 'Byron',
        organizationName: customerId,
        registrationAccount: 'marked@example.org',
        password: 'secret',
        countryCode: 'NL',
        dataCenter: '4f93bdff-9b11-47b9-aa68-a86bfa09f61c',
      },
    },
  ],
  addService: ({ customerId }) => [
    { path: `${partnerCustomers}/${customerId}/services`, body: { product: 40, licenseType: 0 } },
    {
      path: `${partnerCustomers}/${customerId}/services`,
      body: { product: 40, licenseType: 1, licenseItems },
    },
  ],
  batchServices: ({ customerId }) => [
    { path: `${partnerCustomers}/services/batch` },
    { path: `${partnerCustomers}/services/batch`, body: { customerIds: [customerId] } },
  ],
  batchTenants: ({ customerId, tenantId }) => [
    { path: `${partnerCustomers}/${customerId}/3rd-party-products/type/0/tenants/batch` },
    {
      path: `${partnerCustomers}/${customerId}/3rd-party-products/type/0/tenants/batch`,
      body: { tenantIds: [tenantId] },
    },
    {
      path: `${partnerCustomers}/contoso/3rd-party-products/type/0/tenants/batch`,
      body: { tenantIds: [tenantId] },
    },
  ],
  issueToken: 'form',
  revokeToken: 'form',
  introspectToken: 'form',
  getOpenIdConfiguration: 'open',
  getAuthorizationServerMetadata: 'open',
  getJsonWebKeySet: 'open',
  getOpenApiDocument: 'open',
  describeProblem: 'open',
  getDocs: 'open',
  getDocsScript: 'open',
  getLiveness: 'open',
  getReadiness: 'open',
  listSeats: ({ customerId }) => [
    { path: '/api/v1/seats' },
    { path: `/api/v1/seats?customerId=${customerId}` },
  ],
  listSeatDifferences: ({ customerId }) => [
    { path: '/api/v1/seats/diff' },
    { path: `/api/v1/seats/diff?customerId=${customerId}` },
  ],
  getSeats: (named) => [{ path: `${customer(named)}/seats/2048` }],
  getSeatHistory: (named) => [{ path: `${customer(named)}/seats/2048/history` }],
  importLines: ({ customerId }) => [
    { path: '/api/v1/import', body: `customerId,productType,seats\n${customerId},2048,1\n`, ...csv },
    {
      path: '/api/v1/import?replace=true',
      body: `customerId,productType,seats\n${customerId},2048,1\n`,
      ...csv,
    },
  ],
  listCustomers: () => [{ path: '/api/v1/customers' }],
  createCustomer: ({ customerId }) => [
    { path: '/api/v1/customers', body: { customerId, organization: 'Taken' } },
  ],
  getCustomer: (named) => [{ path: customer(named) }],
  changeCustomer: (named) => [{ path: customer(named), body: { organization: 'Changed' }, ...any }],
  setTenant: (named) => [
    {
      path: `${customer(named)}/tenants/${named.tenantId}`,
      body: { type: 0, name: 'changed', availableSeats: 1, assignedSeats: 1 },
      ...any,
    },
  ],
  removeTenant: (named) => [{ path: `${customer(named)}/tenants/${named.tenantId}`, ...any }],
  listGroups: () => [{ path: '/api/v1/groups' }],
  createGroup: ({ user }) => [{ path: '/api/v1/groups', body: { name: user } }],
  getGroup: (named) => [{ path: group(named) }],
  changeGroup: (named) => [{ path: group(named), body: { name: 'changed' }, ...any }],
  deleteGroup: (named) => [{ path: group(named), ...any }],
  listGroupCustomers: (named) => [{ path: `${group(named)}/customers` }],
  joinGroup: (named) => [
    { path: `${group(named)}/customers`, body: { customerIds: [named.customerId] } },
    { path: `${group(named)}/customers`, body: { customerIds: ['contoso'] } },
  ],
  leaveGroup: (named) => [
    { path: `${group(named)}/customers/remove`, body: { customerIds: [named.customerId] } },
  ],
  listPools: () => [{ path: '/api/v1/pools' }],
  addPool: () => [{ path: '/api/v1/pools', body: { resource: 'Office365Backup', seats: 1 } }],
  getPool: (named) => [{ path: pool(named) }],
  changePool: (named) => [{ path: pool(named), body: { seats: 1 }, ...any }],
  endPool: (named) => [{ path: pool(named), ...any }],
  listGrants: (named) => [{ path: `${pool(named)}/grants` }],
  listLines: (named) => [{ path: `${customer(named)}/lines` }],
  addLine: (named) => [
    { path: `${customer(named)}/lines`, body: { productType: 2048, seats: 1 } },
    {
      path: '/api/v1/customers/contoso/lines',
      body: { resource: 'Office365Backup', seats: 1, poolId: named.poolId },
    },
  ],
  getLine: (named) => [{ path: line(named) }, { path: `/api/v1/customers/contoso/lines/${named.lineId}` }],
  changeLine: (named) => [
    { path: line(named), body: { seats: 2 }, ...any },
    { path: `/api/v1/customers/contoso/lines/${named.lineId}`, body: { seats: 2 }, ...any },
  ],
  endLine: (named) => [
    { path: line(named), ...any },
    { path: `/api/v1/customers/contoso/lines/${named.lineId}`, ...any },
  ],
  listAssignments: (named) => [{ path: `${customer(named)}/assignments` }],
  assignSeats: (named) => [
    { path: `${customer(named)}/assignments`, body: { productType: 2048, users: [named.user] } },
  ],
  releaseSeats: (named) => [
    { path: `${customer(named)}/assignments/release`, body: { productType: 2048, users: [named.user] } },
    {
      path: '/api/v1/customers/contoso/assignments/release',
      body: { productType: 2048, userIds: [named.userId] },
    },
  ],
  eraseUser: (named) => [
    { path: `${customer(named)}/users/erase`, body: { user: named.user } },
    { path: '/api/v1/customers/contoso/users/erase', body: { user: named.user } },
  ],
  listEvents: () => [{ path: '/api/v1/events?limit=1000' }],
  streamEvents: 'stream',
  getRecordHead: () => [{ path: '/api/v1/events/head' }],
  createBackup: () => [{ path: '/api/v1/backups' }],
  listApps: () => [{ path: '/api/v1/apps' }],
  createApp: ({ customerId, groupId }) => [
    { path: '/api/v1/apps', body: { name: 'app', permissions: held, customers: [customerId] } },
    { path: '/api/v1/apps', body: { name: 'app', permissions: held, groups: [groupId] } },
  ],
  getApp: (named) => [{ path: app(named) }],
  changeApp: (named) => [
    { path: app(named), body: { name: 'changed' }, ...any },
    { path: app(named), body: { disabled: true }, ...any },
  ],
  deleteApp: (named) => [{ path: app(named) }],
  addCredential: (named) => [{ path: `${app(named)}/credentials`, body: { secretYears: 1 } }],
  removeCredential: (named) => [{ path: `${app(named)}/credentials/${named.credentialId}` }],
};

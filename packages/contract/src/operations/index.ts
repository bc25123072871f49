/** Every operation of the API. What is not listed here is not served, and what is listed is. */

import type { Operation } from '../operation.ts';
import { addService } from './addService.ts';
import {
  addCredential,
  changeApp,
  createApp,
  deleteApp,
  getApp,
  listApps,
  removeCredential,
} from './apps.ts';
import { assignSeats, eraseUser, listAssignments, releaseSeats } from './assignments.ts';
import { batchCustomers } from './batchCustomers.ts';
import { batchServices } from './batchServices.ts';
import { batchTenants } from './batchTenants.ts';
import { createBackup } from './createBackup.ts';
import { changeCustomer, createCustomer, getCustomer, listCustomers } from './customers.ts';
import { getAuthorizationServerMetadata, getJsonWebKeySet, getOpenIdConfiguration } from './discovery.ts';
import { getRecordHead, listEvents } from './events.ts';
import { getCustomerUserSeats } from './getCustomerUserSeats.ts';
import { getSeats } from './getSeats.ts';
import {
  changeGroup,
  createGroup,
  deleteGroup,
  getGroup,
  joinGroup,
  leaveGroup,
  listGroupCustomers,
  listGroups,
} from './groups.ts';
import { importLines } from './importLines.ts';
import { addLine, changeLine, endLine, getLine, listLines } from './lines.ts';
import { listSeats } from './listSeats.ts';
import { onboardCustomer } from './onboardCustomer.ts';
import { getLiveness, getReadiness } from './probes.ts';
import { addPool, changePool, endPool, getPool, listGrants, listPools } from './pools.ts';
import { describeProblem, getDocs, getDocsScript, getOpenApiDocument } from './reference.ts';
import { getSeatHistory, listSeatDifferences } from './seatHistory.ts';
import { streamEvents } from './streamEvents.ts';
import { removeTenant, setTenant } from './tenants.ts';
import { introspectToken, issueToken, revokeToken } from './tokens.ts';

export const operations = {
  getCustomerUserSeats,
  batchCustomers,
  onboardCustomer,
  addService,
  batchServices,
  batchTenants,
  issueToken,
  revokeToken,
  introspectToken,
  getOpenIdConfiguration,
  getAuthorizationServerMetadata,
  getJsonWebKeySet,
  listSeats,
  listSeatDifferences,
  getSeats,
  getSeatHistory,
  importLines,
  listCustomers,
  createCustomer,
  getCustomer,
  changeCustomer,
  setTenant,
  removeTenant,
  listGroups,
  createGroup,
  getGroup,
  changeGroup,
  deleteGroup,
  listGroupCustomers,
  joinGroup,
  leaveGroup,
  listPools,
  addPool,
  getPool,
  changePool,
  endPool,
  listGrants,
  listLines,
  addLine,
  getLine,
  changeLine,
  endLine,
  listAssignments,
  assignSeats,
  releaseSeats,
  eraseUser,
  listEvents,
  streamEvents,
  getRecordHead,
  createBackup,
  listApps,
  createApp,
  getApp,
  changeApp,
  deleteApp,
  addCredential,
  removeCredential,
  getOpenApiDocument,
  describeProblem,
  getDocs,
  getDocsScript,
  getLiveness,
  getReadiness,
} as const satisfies Record<string, Operation>;

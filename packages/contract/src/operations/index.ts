/** Every operation of the API. What is not listed here is not served, and what is listed is. */

import type { Operation } from '../operation.ts';
import { assignSeats, eraseUser, listAssignments, releaseSeats } from './assignments.ts';
import { createApp } from './createApp.ts';
import { changeCustomer, createCustomer, getCustomer, listCustomers } from './customers.ts';
import { deleteApp } from './deleteApp.ts';
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
import { issueToken } from './issueToken.ts';
import { addLine, changeLine, endLine, getLine, listLines } from './lines.ts';
import { listApps } from './listApps.ts';
import { listSeats } from './listSeats.ts';
import { addPool, changePool, endPool, getPool, listGrants, listPools } from './pools.ts';
import { describeProblem, getOpenApiDocument } from './reference.ts';
import { getSeatHistory, listSeatDifferences } from './seatHistory.ts';
import { removeTenant, setTenant } from './tenants.ts';

export const operations = {
  getCustomerUserSeats,
  issueToken,
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
  getRecordHead,
  listApps,
  createApp,
  deleteApp,
  getOpenApiDocument,
  describeProblem,
} as const satisfies Record<string, Operation>;

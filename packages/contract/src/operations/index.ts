/** Every operation of the API. What is not listed here is not served, and what is listed is. */

import type { Operation } from '../operation.ts';
import { createApp } from './createApp.ts';
import { deleteApp } from './deleteApp.ts';
import { getAuthorizationServerMetadata, getJsonWebKeySet, getOpenIdConfiguration } from './discovery.ts';
import { getCustomerUserSeats } from './getCustomerUserSeats.ts';
import { importLines } from './importLines.ts';
import { issueToken } from './issueToken.ts';
import { listApps } from './listApps.ts';
import { listSeats } from './listSeats.ts';
import { describeProblem, getOpenApiDocument } from './reference.ts';

export const operations = {
  getCustomerUserSeats,
  issueToken,
  getOpenIdConfiguration,
  getAuthorizationServerMetadata,
  getJsonWebKeySet,
  listSeats,
  importLines,
  listApps,
  createApp,
  deleteApp,
  getOpenApiDocument,
  describeProblem,
} as const satisfies Record<string, Operation>;

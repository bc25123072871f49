import {
  type AppRegistration,
  type AppRegistrationChange,
  operations,
  type Permission,
} from '@seatledger/contract';
import type { AppRegistrations } from '../appRegistrations.ts';
import { isNothing } from './answerShape.ts';
import { isAppList, isAppRegistration, isCreatedApp, isCreatedCredential } from './appShape.ts';
import type { Connection } from './connection.ts';
import { operationPath } from './operationPath.ts';
import { type ChangeFacts, sendChange, sendWrite } from './writes.ts';

/**
 * The app registrations of the partner of the app that asks.
 *
 * What a token does not carry it cannot give, even where the app behind it holds it: what gives a permission is sent with one that does.
 */
export function appsOfServer(connection: Connection, { ifMatch, ...facts }: ChangeFacts): AppRegistrations {
  async function show(clientId: string): Promise<AppRegistration> {
    const operation = operations.getApp;
    return connection.call(
      operation,
      { path: operationPath(operation.path, { clientId }) },
      isAppRegistration,
    );
  }

  return {
    create(registration) {
      return sendWrite(
        connection,
        {
          operation: operations.createApp,
          body: registration,
          permissions: registration.permissions,
          reads: isCreatedApp,
        },
        facts,
      );
    },
    async list() {
      const { data } = await connection.call(operations.listApps, {}, isAppList);
      return data;
    },
    show,
    async change(clientId, change) {
      const app = await show(clientId);
      const operation = operations.changeApp;
      return sendChange(
        connection,
        {
          of: app,
          operation,
          path: operationPath(operation.path, { clientId }),
          body: change,
          permissions: permissionsGiven(app, change),
          reads: isAppRegistration,
        },
        { ...facts, ifMatch },
      );
    },
    delete(clientId) {
      const operation = operations.deleteApp;
      const path = operationPath(operation.path, { clientId });
      return sendWrite(connection, { operation, path, reads: isNothing }, facts);
    },
    async addCredential(clientId, credential) {
      const operation = operations.addCredential;
      return sendWrite(
        connection,
        {
          operation,
          path: operationPath(operation.path, { clientId }),
          body: credential,
          // Whoever has the credential has all that the app holds.
          permissions: (await show(clientId)).permissions,
          reads: isCreatedCredential,
        },
        facts,
      );
    },
    removeCredential(clientId, credentialId) {
      const operation = operations.removeCredential;
      const path = operationPath(operation.path, { clientId, credentialId });
      return sendWrite(connection, { operation, path, reads: isNothing }, facts);
    },
  };
}

/** The permissions that come into force by the change, or come to hold for other customers. */
function permissionsGiven(app: AppRegistration, change: AppRegistrationChange): readonly Permission[] {
  const { disabled, permissions } = { ...app, ...change };
  if (disabled) return [];
  const isGivenAll = app.disabled || change.customers !== undefined || change.groups !== undefined;
  return isGivenAll ? permissions : permissions.filter((permission) => !app.permissions.includes(permission));
}

import { operations } from '@seatledger/contract';
import type { AppRegistrations } from '../appRegistrations.ts';
import { isAppList, isCreatedApp, isNothing } from './answerShape.ts';
import type { Connection } from './connection.ts';
import { operationPath } from './operationPath.ts';

/** The app registrations of the partner of the app that asks. */
export function appsOfServer(connection: Connection): AppRegistrations {
  return {
    create(registration) {
      return connection.call(
        operations.createApp,
        {
          headers: { 'content-type': 'application/json' },
          body: JSON.stringify(registration),
          // What a token does not carry it cannot give, even where the app behind it holds it.
          permissions: registration.permissions,
        },
        isCreatedApp,
      );
    },
    async list() {
      const { data } = await connection.call(operations.listApps, {}, isAppList);
      return data;
    },
    delete(clientId) {
      const path = operationPath(operations.deleteApp.path, { clientId });
      return connection.call(operations.deleteApp, { path }, isNothing);
    },
  };
}

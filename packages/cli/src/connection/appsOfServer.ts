import { operations } from '@seatledger/contract';
import type { AppRegistrations } from '../appRegistrations.ts';
import { isAppList, isCreatedApp, isNothing } from './answerShape.ts';
import type { Connection } from './connection.ts';
import { operationPath } from './operationPath.ts';
import { sendWrite, type WriteFacts } from './writes.ts';

/** The app registrations of the partner of the app that asks. */
export function appsOfServer(connection: Connection, facts: WriteFacts): AppRegistrations {
  return {
    create(registration) {
      return sendWrite(
        connection,
        {
          operation: operations.createApp,
          body: registration,
          // What a token does not carry it cannot give, even where the app behind it holds it.
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
    delete(clientId) {
      const operation = operations.deleteApp;
      const path = operationPath(operation.path, { clientId });
      return sendWrite(connection, { operation, path, reads: isNothing }, facts);
    },
  };
}

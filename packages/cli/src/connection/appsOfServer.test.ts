import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  type AppRegistration,
  type AppRegistrationChange,
  appRegistrationExample,
  credentialExample,
  type Permission,
} from '@seatledger/contract';
import { appsOfServer } from './appsOfServer.ts';
import type { Connection, OperationRequest } from './connection.ts';

type Apps = ReturnType<typeof appsOfServer>;

/** What reached a server with this one app by `use`, the reading of the app left out. */
async function sent(
  app: Partial<AppRegistration>,
  use: (apps: Apps) => Promise<unknown>,
): Promise<OperationRequest> {
  const requests: OperationRequest[] = [];
  const shown: AppRegistration = { ...appRegistrationExample, ...app };
  const connection: Connection = {
    async call({ id, method }, request, reads) {
      if (method !== 'GET') requests.push(request);
      const body: unknown =
        id === 'addCredential' ? { credential: credentialExample, clientSecret: null } : shown;
      return reads(body) ? body : assert.fail('not what was expected');
    },
    version: () => assert.fail('what was read has its version'),
    lines: () => assert.fail('no lines are asked for'),
    pieces: () => assert.fail('no lines are asked for'),
    bytes: () => assert.fail('no lines are asked for'),
  };
  await use(appsOfServer(connection, {}));
  const [request] = requests;
  return request ?? assert.fail('nothing was sent');
}

const held: Permission[] = ['seatledger.read', 'seatledger.write'];
const more: Permission[] = [...held, 'seatledger.admin'];

test('a change is sent with a token that carries what comes into force by it, and nothing else', async () => {
  const cases: [disabled: boolean, change: AppRegistrationChange, carried: readonly Permission[]][] = [
    [false, { name: 'x' }, []],
    [false, { permissions: more }, ['seatledger.admin']],
    [false, { disabled: true }, []],
    [false, { customers: 'all' }, held],
    [false, { groups: [1], permissions: more }, more],
    [true, { disabled: false }, held],
    [true, { permissions: more, disabled: false }, more],
    [true, { permissions: more }, []],
  ];
  for (const [disabled, change, carried] of cases) {
    const { permissions } = await sent({ disabled, permissions: held }, (apps) => apps.change('id', change));
    assert.deepEqual(permissions, carried);
  }
});

test('a change is of the version that was read just before', async () => {
  const { path, headers } = await sent({ changedSequence: 41 }, (apps) => apps.change('id', { name: 'x' }));
  assert.deepEqual([path, headers?.['if-match']], ['/api/v1/apps/id', '"41"']);
});

test('a credential is added with a token that carries all that the app holds', async () => {
  const { permissions } = await sent({ permissions: held }, (apps) =>
    apps.addCredential('id', { secretYears: 1 }),
  );
  assert.deepEqual(permissions, held);
});

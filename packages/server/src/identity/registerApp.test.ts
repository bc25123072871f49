import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { type Permission, permissions, ProblemError } from '@seatledger/contract';
import fc from 'fast-check';
import { addCustomers, appRequest, customer } from '../testing/identity.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';

let store: TestStore;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
});
after(() => store.close());

const register = (request = appRequest()) => store.make('app.register', request);
const registrations = async () => (await store.reads.identity.appsOf(store.partnerId)).length;
const events = async () => (await store.reads.record.eventsAfter(store.partnerId, 0, 1000)).slice(1);

function refusal(code: string, fields: readonly (readonly [string, string])[]) {
  return (error: unknown) => {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.code, code);
    assert.deepEqual(
      error.errors.map((problem) => [problem.field, problem.code]),
      fields,
    );
    return true;
  };
}

describe('an app registration', () => {
  test('is kept as it was asked for, with a random id in lower case', async () => {
    await addCustomers(store, [customer('contoso'), customer('fabrikam')]);
    const { app } = await register(
      appRequest({
        name: 'billing',
        permissions: ['seatledger.read', 'elements.license.read.all', 'seatledger.read'],
        customers: [customer('fabrikam'), customer('CONTOSO'), customer('contoso')],
        revision: '2025-10-11',
        secretYears: 3,
      }),
    );
    assert.match(app.clientId, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    const kept = await store.reads.identity.app(app.clientId);
    assert.deepEqual(kept, { ...app, customers: ['contoso', 'fabrikam'] });
    assert.deepEqual(app.permissions, ['seatledger.read', 'elements.license.read.all']);
    assert.equal(app.revision, '2025-10-11');
    assert.equal(app.secrets[0]?.expiresAt, Date.UTC(2029, 0, 31));
  });

  test('sees all customers, speaks the default revision and has a secret of one year where nothing else is asked', async () => {
    const { app } = await register();
    assert.equal(app.customers, 'all');
    assert.equal(app.revision, '2025-09-26');
    assert.deepEqual(
      app.secrets.map(({ createdAt, expiresAt }) => [createdAt, expiresAt]),
      [[someDay, Date.UTC(2027, 0, 31)]],
    );
  });

  test('names only customers that are there: the others are told, and nothing is kept', async () => {
    await addCustomers(store, [customer('contoso')]);
    const eventsBefore = (await events()).length;
    await assert.rejects(
      register(appRequest({ customers: [customer('contoso'), customer('nobody')] })),
      refusal('body_invalid', [['customers', 'customer_not_found']]),
    );
    assert.equal(await registrations(), 0);
    assert.equal((await events()).length, eventsBefore);
  });

  test('cannot name a customer of another partner: it is as one that is not there', async () => {
    await addCustomers(store, [customer('contoso')]);
    const { partnerId } = await store.make('partner.create', { name: 'other' });
    await assert.rejects(
      store.make('app.register', appRequest({ customers: [customer('contoso')] }), { partnerId }),
      refusal('body_invalid', [['customers', 'customer_not_found']]),
    );
  });

  test('tells at most 100 unknown customers by name, and how many there are', async () => {
    const customers = Array.from({ length: 150 }, (_, index) => customer(`c${index}`));
    await assert.rejects(register(appRequest({ customers })), (error) => {
      assert.ok(error instanceof ProblemError);
      assert.equal(error.errors.length, 100);
      assert.equal(error.errorCount, 150);
      return true;
    });
  });

  test('is told to the record with its secret by its id alone', async () => {
    const { app, clientSecret } = await register(appRequest({ name: 'billing' }));
    const [event, ...more] = await events();
    assert.ok(event !== undefined && more.length === 0);
    assert.equal(event.kind, 'app.created');
    assert.equal(event.subject, app.clientId);
    assert.equal(event.before, null);
    assert.deepEqual(JSON.parse(event.after ?? ''), {
      clientId: app.clientId,
      name: 'billing',
      permissions: ['elements.license.read.all'],
      customers: 'all',
      revision: '2025-09-26',
      secrets: [app.secrets[0]?.secretId],
    });
    for (const part of [clientSecret, clientSecret.slice(4), app.secrets[0]?.hash ?? '-']) {
      assert.equal(JSON.stringify(event).includes(part), false);
    }
  });
});

describe('an app that registers another', () => {
  const some = fc.uniqueArray(fc.constantFrom(...permissions), { minLength: 1 });

  test('gives no permission beyond its own, whichever it has and whichever are asked', async () => {
    await fc.assert(
      fc.asyncProperty(some, some, async (grantable, asked) => {
        const beyond = asked.filter((permission) => !grantable.includes(permission));
        const before = await registrations();
        const registering = register(appRequest({ permissions: asked, grantable }));
        if (beyond.length === 0) {
          assert.deepEqual((await registering).app.permissions, asked);
        } else {
          const fields = beyond.map(() => ['permissions', 'permission_not_held'] as const);
          await assert.rejects(registering, refusal('grant_exceeds_own', fields));
          assert.equal(await registrations(), before);
        }
      }),
    );
  });

  test('that holds nothing to give gives nothing', async () => {
    await assert.rejects(
      register(appRequest({ grantable: [] })),
      refusal('grant_exceeds_own', [['permissions', 'permission_not_held']]),
    );
  });

  test('is told of what it may not give before it is told which customers there are', async () => {
    const asked: Permission[] = ['seatledger.admin'];
    await assert.rejects(
      register(appRequest({ permissions: asked, grantable: [], customers: [customer('nobody')] })),
      refusal('grant_exceeds_own', [['permissions', 'permission_not_held']]),
    );
  });
});

describe('a deleted app registration', () => {
  test('is gone with its secrets and its customers, and its last state is on record', async () => {
    await addCustomers(store, [customer('contoso')]);
    const { app } = await register(appRequest({ customers: [customer('contoso')] }));
    await store.make('app.delete', { clientId: app.clientId.toUpperCase() });
    assert.equal(await store.reads.identity.app(app.clientId), undefined);
    for (const table of ['apps', 'app_secrets', 'app_customers']) {
      assert.deepEqual(await store.rows(`select * from ${table}`), [], table);
    }
    const [created, deleted] = (await events()).slice(-2);
    assert.ok(created !== undefined && deleted !== undefined);
    assert.equal(deleted.kind, 'app.deleted');
    assert.equal(deleted.subject, app.clientId);
    assert.equal(deleted.before, created.after);
    assert.equal(deleted.after, null);
  });

  test('cannot be deleted again, and nothing more is on record', async () => {
    const { app } = await register();
    await store.make('app.delete', { clientId: app.clientId });
    const recorded = (await events()).length;
    await assert.rejects(store.make('app.delete', { clientId: app.clientId }), refusal('app_not_found', []));
    assert.equal((await events()).length, recorded);
  });

  test('is one of the own partner: that of another is as one that is not there', async () => {
    const { app } = await register();
    const { partnerId } = await store.make('partner.create', { name: 'other' });
    await assert.rejects(
      store.make('app.delete', { clientId: app.clientId }, { partnerId }),
      refusal('app_not_found', []),
    );
    assert.ok((await store.reads.identity.app(app.clientId)) !== undefined);
  });
});

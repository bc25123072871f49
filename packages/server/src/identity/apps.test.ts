import assert from 'node:assert/strict';
import { after, beforeEach, describe, test } from 'node:test';
import { type Permission, permissions } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { makeCertificate } from '../testing/certificates.ts';
import { addCustomers, appRequest, customer } from '../testing/identity.ts';
import { refusal } from '../testing/refusal.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';

let store: TestStore;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
});
after(() => store.close());

const register = (request = appRequest()) => store.make('app.register', request);
const kept = (clientId: string) => store.reads.identity.app(store.partnerId, clientId);
const registrations = async () => (await store.reads.identity.appsOf(store.partnerId)).length;
const events = async () => (await store.reads.record.eventsAfter(store.partnerId, 0, 1000)).slice(1);

const certificates = [makeCertificate(), makeCertificate({ key: 'RSA 2048' })].map(({ pem }) => pem);

describe('an app registration', () => {
  test('is kept as it was asked for, with a random id in lower case', async () => {
    await addCustomers(store, [customer('contoso'), customer('fabrikam')]);
    const { app } = await register(
      appRequest({
        name: 'billing',
        permissions: ['seatledger.read', 'elements.license.read.all', 'seatledger.read'],
        scope: { customers: [customer('fabrikam'), customer('CONTOSO'), customer('contoso')] },
        revision: '2025-10-11',
        secretYears: 3,
      }),
    );
    assert.match(app.clientId, /^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
    assert.deepEqual(await kept(app.clientId), app);
    assert.equal(app.partnerId, store.partnerId);
    assert.equal(app.name, 'billing');
    assert.deepEqual(app.permissions, ['seatledger.read', 'elements.license.read.all']);
    assert.deepEqual(app.scope, { customers: ['contoso', 'fabrikam'] });
    assert.equal(app.revision, '2025-10-11');
    assert.equal(app.disabled, false);
    assert.equal(app.createdAt, someDay);
    assert.equal(app.credentials[0]?.expiresAt, Date.UTC(2029, 0, 31));
  });

  test('speaks the default revision where no other is asked, and its secret has the years that are', async () => {
    const { app } = await register();
    assert.equal(app.scope, 'all');
    assert.equal(app.revision, '2025-09-26');
    assert.deepEqual(
      app.credentials.map(({ kind, createdAt, expiresAt }) => [kind, createdAt, expiresAt]),
      [['secret', someDay, Date.UTC(2027, 0, 31)]],
    );
  });

  test('sees the customers of groups where it names groups, each once', async () => {
    const [south, north] = [
      await store.make('group.create', { name: 'south' }),
      await store.make('group.create', { name: 'north' }),
    ].map(({ groupId }) => groupId);
    assert.ok(south !== undefined && north !== undefined);
    const { app } = await register(appRequest({ scope: { groups: [north, south, north] } }));
    assert.deepEqual(app.scope, { groups: [south, north] });
    assert.deepEqual(await kept(app.clientId), app);
  });

  for (const name of ['', ' ', ' billing', 'billing ', 'bill\ning', 'x'.repeat(101), 'x\ud800']) {
    test(`cannot be named ${JSON.stringify(name.slice(0, 20))}, and nothing is kept`, async () => {
      await assert.rejects(
        register(appRequest({ name })),
        refusal('body_invalid', [['name', 'name_invalid']]),
      );
      assert.equal(await registrations(), 0);
    });
  }

  test('holds a permission', async () => {
    await assert.rejects(
      register(appRequest({ permissions: [] })),
      refusal('body_invalid', [['permissions', 'value_required']]),
    );
  });

  test('names only customers that are there: the others are told, and nothing is kept', async () => {
    await addCustomers(store, [customer('contoso')]);
    const eventsBefore = (await events()).length;
    await assert.rejects(
      register(appRequest({ scope: { customers: [customer('contoso'), customer('nobody')] } })),
      refusal('body_invalid', [['customers', 'customer_not_found']]),
    );
    assert.equal(await registrations(), 0);
    assert.equal((await events()).length, eventsBefore);
  });

  test('names only groups that are there: each other is told, and nothing is kept', async () => {
    const { groupId } = await store.make('group.create', { name: 'north' });
    await assert.rejects(
      register(appRequest({ scope: { groups: [groupId + 1, groupId, groupId + 2] } })),
      refusal('body_invalid', [
        ['groups', 'group_not_found'],
        ['groups', 'group_not_found'],
      ]),
    );
    assert.equal(await registrations(), 0);
  });

  test('cannot name a customer or a group of another partner: it is as one that is not there', async () => {
    await addCustomers(store, [customer('contoso')]);
    const { groupId } = await store.make('group.create', { name: 'north' });
    const { partnerId } = await store.make('partner.create', { name: 'other' });
    const ofOther = (scope: { customers: [] } | ReturnType<typeof appRequest>['scope']) =>
      store.make('app.register', appRequest({ scope }), { partnerId });
    await assert.rejects(
      ofOther({ customers: [customer('contoso')] }),
      refusal('body_invalid', [['customers', 'customer_not_found']]),
    );
    await assert.rejects(
      ofOther({ groups: [groupId] }),
      refusal('body_invalid', [['groups', 'group_not_found']]),
    );
  });

  test('tells at most 100 unknown customers by name, and how many there are', async () => {
    const customers = Array.from({ length: 150 }, (_, index) => customer(`c${index}`));
    const unknown = Array.from({ length: 100 }, () => ['customers', 'customer_not_found'] as const);
    await assert.rejects(
      register(appRequest({ scope: { customers } })),
      refusal('body_invalid', unknown, { errorCount: 150 }),
    );
  });
});

describe('the credentials of a new app', () => {
  test('are a secret, which is told once, and the certificates, as they are read again', async () => {
    const { app, clientSecret } = await register(appRequest({ certificates }));
    assert.match(clientSecret ?? '', /^sls_/);
    assert.deepEqual(app.credentials.map(({ kind }) => kind).toSorted(), [
      'certificate',
      'certificate',
      'secret',
    ]);
    assert.equal(new Set(app.credentials.map(({ credentialId }) => credentialId)).size, 3);
    assert.deepEqual(await kept(app.clientId), app);
  });

  test('are certificates alone where no secret is asked for', async () => {
    const { app, clientSecret } = await register(appRequest({ secretYears: null, certificates }));
    assert.equal(clientSecret, null);
    assert.deepEqual(
      app.credentials.map(({ kind }) => kind),
      ['certificate', 'certificate'],
    );
  });

  test('are each there once: a certificate that is given twice is refused, by its place', async () => {
    const [certificate = ''] = certificates;
    const again = certificate.replaceAll('\n', '\r\n');
    await assert.rejects(
      register(appRequest({ certificates: [...certificates, again] })),
      refusal('body_invalid', [['certificates.2', 'certificate_twice']]),
    );
    assert.equal(await registrations(), 0);
  });

  test('are refused with the place of the certificate that cannot be taken', async () => {
    const [certificate = ''] = certificates;
    await assert.rejects(
      register(appRequest({ certificates: [certificate, 'garbage'] })),
      refusal('body_invalid', [['certificates.1', 'certificate_invalid']]),
    );
  });

  test('are twenty, and no more', async () => {
    const twenty = Array.from({ length: 20 }, () => makeCertificate().pem);
    await assert.rejects(register(appRequest({ certificates: twenty })), refusal('credential_limit_reached'));
    assert.equal(await registrations(), 0);
    const { app } = await register(appRequest({ secretYears: null, certificates: twenty }));
    assert.equal(app.credentials.length, 20);
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
      { numRuns: runs(100) },
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
      register(appRequest({ permissions: asked, grantable: [], scope: { customers: [customer('nobody')] } })),
      refusal('grant_exceeds_own', [['permissions', 'permission_not_held']]),
    );
  });
});

describe('a deleted app registration', () => {
  test('is gone with its credentials, its customers and its groups', async () => {
    await addCustomers(store, [customer('contoso')]);
    const { groupId } = await store.make('group.create', { name: 'north' });
    const scopes = [{ customers: [customer('contoso')] }, { groups: [groupId] }];
    for (const scope of scopes) {
      const { app } = await register(appRequest({ scope, certificates }));
      await store.make('app.delete', { clientId: app.clientId.toUpperCase() });
      assert.equal(await kept(app.clientId), undefined);
      assert.equal(await store.reads.identity.client(app.clientId), undefined);
      for (const table of ['apps', 'app_credentials', 'app_customers', 'app_groups']) {
        assert.deepEqual(await store.rows(`select * from ${table}`), [], table);
      }
    }
  });

  test('cannot be deleted again, and nothing more is on record', async () => {
    const { app } = await register();
    await store.make('app.delete', { clientId: app.clientId });
    const recorded = (await events()).length;
    await assert.rejects(store.make('app.delete', { clientId: app.clientId }), refusal('app_not_found'));
    assert.equal((await events()).length, recorded);
  });

  test('leaves the others as they are', async () => {
    const [one, other] = [await register(), await register(appRequest({ certificates }))];
    await store.make('app.delete', { clientId: one.app.clientId });
    assert.deepEqual(await store.reads.identity.appsOf(store.partnerId), [other.app]);
  });
});

describe('an app of another partner', () => {
  test('is as one that is not there, whatever is done to it, and is left as it is', async () => {
    const { app } = await register();
    const { clientId } = app;
    const [credential] = app.credentials;
    assert.ok(credential !== undefined);
    const { partnerId } = await store.make('partner.create', { name: 'other' });
    const by = { partnerId };
    const grantable = null;
    const added = { clientId, credential: { secretYears: 1 }, grantable } as const;
    const removed = { clientId, credentialId: credential.credentialId };
    for (const doing of [
      () => store.make('app.change', { clientId, expected: 'any', grantable, name: 'mine' }, by),
      () => store.make('app.change', { clientId, expected: [0], grantable, disabled: true }, by),
      () => store.make('app.delete', { clientId }, by),
      () => store.make('credential.add', added, by),
      () => store.make('credential.remove', removed, by),
    ])
      await assert.rejects(doing(), refusal('app_not_found'));
    assert.deepEqual(await store.reads.identity.appsOf(partnerId), []);
    assert.equal(await store.reads.identity.app(partnerId, clientId), undefined);
    assert.deepEqual(await kept(clientId), app);
  });
});

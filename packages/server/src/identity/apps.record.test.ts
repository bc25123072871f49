/** What the record says of apps: all that they are, and nothing of what they prove themselves with. */

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import { permissions, ProblemError, revisions } from '@seatledger/contract';
import fc from 'fast-check';
import type { ChangeKind, Changes } from '../changes.ts';
import type { RecordedEvent } from '../record/index.ts';
import { runs } from '../testing/campaign.ts';
import { makeCertificate } from '../testing/certificates.ts';
import { testEngine } from '../testing/engine.ts';
import { addCustomers, appRequest, customer } from '../testing/identity.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';
import { verifyStore } from '../verifyStore.ts';
import { type AppStates, appStateText, replayApps } from './apps.ts';
import { certificateFacts } from './certificates.ts';
import type { App } from './ports.ts';

let store: TestStore;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
});
after(() => store.close());

const certificates = [makeCertificate({ subject: '/CN=billing' }), makeCertificate({ key: 'RSA 2048' })].map(
  ({ pem }) => pem,
);
const eventsOf = (partnerId = store.partnerId): Promise<readonly RecordedEvent[]> =>
  store.reads.record.eventsAfter(partnerId, 0, 10_000);
const grantable = null;

/** The event that the change leaves, which is one. */
async function eventBy(change: () => Promise<unknown>): Promise<RecordedEvent> {
  const before = (await eventsOf()).length;
  await change();
  const [event, ...more] = (await eventsOf()).slice(before);
  assert.ok(event !== undefined && more.length === 0);
  return event;
}

describe('each change of an app', () => {
  test('is one event, which tells the app before it and after it', async () => {
    await addCustomers(store, [customer('contoso')]);
    const { groupId } = await store.make('group.create', { name: 'north' });
    let app: App | undefined;
    const created = await eventBy(async () => {
      ({ app } = await store.make('app.register', appRequest({ name: 'billing' })));
    });
    assert.ok(app !== undefined);
    const { clientId, credentials } = app;
    const ids = credentials.map(({ credentialId }) => credentialId);
    const state = {
      clientId,
      name: 'billing',
      permissions: ['elements.license.read.all'],
      customers: 'all',
      groups: null,
      revision: '2025-09-26',
      disabled: false,
      credentials: ids,
    };
    assert.deepEqual(statesOf(created), ['app.created', null, state]);

    const change = (what: Partial<Changes['app.change']['input']>) =>
      eventBy(() => store.make('app.change', { clientId, expected: 'any', grantable, ...what }));
    const contoso = [customer('contoso')];
    const add = (credential: Changes['credential.add']['input']['credential']) =>
      eventBy(() => store.make('credential.add', { clientId, credential, grantable }));
    let last: unknown = state;
    function follows(event: RecordedEvent, kind: string, difference: object) {
      const next = { ...(last as object), ...difference };
      assert.deepEqual(statesOf(event), [kind, last, next]);
      assert.equal(event.subject, clientId);
      assert.equal(event.customerId, null);
      last = next;
    }
    follows(await change({ name: 'other', permissions: ['seatledger.read'] }), 'app.changed', {
      name: 'other',
      permissions: ['seatledger.read'],
    });
    follows(await change({ scope: { customers: contoso } }), 'app.changed', { customers: contoso });
    follows(await change({ scope: { groups: [groupId] } }), 'app.changed', {
      customers: null,
      groups: [groupId],
    });
    follows(await change({ disabled: true, revision: '2025-10-11' }), 'app.disabled', {
      disabled: true,
      revision: '2025-10-11',
    });
    follows(await change({ disabled: false }), 'app.enabled', { disabled: false });
    for (const credential of [{ secretYears: 2 }, { certificate: certificates[0] ?? '' }] as const) {
      const added = await add(credential);
      const all = (await store.reads.identity.app(store.partnerId, clientId))?.credentials ?? [];
      assert.equal(all.length, (last as typeof state).credentials.length + 1);
      follows(added, 'app.credential_added', {
        credentials: all.map(({ credentialId }) => credentialId).toSorted(),
      });
    }
    const [first = ''] = ids;
    const left = (last as typeof state).credentials.filter((id) => id !== first);
    follows(
      await eventBy(() => store.make('credential.remove', { clientId, credentialId: first })),
      'app.credential_removed',
      { credentials: left },
    );
    const deleted = await eventBy(() => store.make('app.delete', { clientId }));
    assert.deepEqual(statesOf(deleted), ['app.deleted', last, null]);
  });

  test('leaves nothing on record of a secret, of its hash and of a certificate', async () => {
    const { app, clientSecret } = await store.make('app.register', appRequest({ certificates }));
    const { clientId } = app;
    const [kept] = app.credentials.filter(({ kind }) => kind === 'secret');
    await store.make('app.change', { clientId, expected: 'any', grantable, name: 'other' });
    const added = await store.make('credential.add', { clientId, credential: { secretYears: 1 }, grantable });
    for (const { credentialId } of app.credentials)
      await store.make('credential.remove', { clientId, credentialId });
    await store.make('app.delete', { clientId });
    const record = JSON.stringify(await eventsOf());
    const secrets = [clientSecret ?? '', added.clientSecret ?? ''];
    assert.ok(secrets.every((secret) => secret.length > 40));
    for (const secret of secrets)
      for (const part of [
        secret,
        secret.slice(4, 24),
        createHash('sha256').update(secret).digest('hex'),
        createHash('sha256').update(secret).digest('base64'),
      ])
        assert.equal(record.includes(part), false);
    assert.equal(record.includes(kept?.kind === 'secret' ? `"${kept.lastFour}"` : '-'), false);
    for (const credential of app.credentials) {
      if (credential.kind === 'secret') continue;
      const { thumbprint, thumbprintSha256 } = certificateFacts(credential);
      for (const part of [credential.certificate.slice(0, 40), thumbprint, thumbprintSha256, 'CN='])
        assert.equal(record.includes(part), false);
    }
  });

  test('that is refused leaves nothing on record', async () => {
    const { app } = await store.make('app.register', appRequest());
    const { clientId } = app;
    const before = (await eventsOf()).length;
    const id = '00000000-0000-4000-8000-000000000000';
    for (const refused of [
      () => store.make('app.register', appRequest({ name: '' })),
      () => store.make('app.change', { clientId, expected: [0], grantable, name: 'other' }),
      () =>
        store.make('app.change', {
          clientId,
          expected: 'any',
          grantable: [],
          permissions: ['seatledger.read'],
        }),
      () => store.make('app.delete', { clientId: id }),
      () => store.make('credential.add', { clientId, credential: { certificate: 'garbage' }, grantable }),
      () => store.make('credential.remove', { clientId, credentialId: id }),
    ])
      await assert.rejects(refused(), ProblemError);
    assert.equal((await eventsOf()).length, before);
  });
});

function statesOf({ kind, before, after: state }: RecordedEvent): readonly unknown[] {
  return [kind, ...[before, state].map((text) => (text === null ? null : JSON.parse(text)))];
}

interface Command {
  readonly kind: ChangeKind;
  /** Which of the apps there are, and which of its credentials. */
  readonly app: number;
  readonly credential: number;
  readonly request: Partial<ReturnType<typeof appRequest>> & { disabled?: boolean };
}

const names = ['contoso', 'fabrikam'].map(customer);
/** Of each partner: they are created after its two customers. */
const groups = [4, 5];

function someCommands(): fc.Arbitrary<readonly Command[]> {
  const scope = fc.oneof(
    fc.constant('all' as const),
    fc.subarray([...names, customer('nobody')]).map((customers) => ({ customers })),
    fc.subarray([...groups, 999]).map((named) => ({ groups: named })),
  );
  const request = fc.record(
    {
      name: fc.constantFrom('one', 'other', ''),
      permissions: fc.subarray(permissions.slice(-3), { minLength: 0 }),
      scope,
      revision: fc.constantFrom(...revisions),
      disabled: fc.boolean(),
      secretYears: fc.constantFrom(1 as const, null),
      certificates: fc.subarray([...certificates, 'garbage']),
    },
    { requiredKeys: [] },
  );
  const kind = fc.constantFrom<ChangeKind[]>(
    'app.register',
    'app.change',
    'app.change',
    'app.delete',
    'credential.add',
    'credential.remove',
    'group.delete',
  );
  return fc.array(fc.record({ kind, app: fc.nat(9), credential: fc.nat(9), request }), { maxLength: 12 });
}

async function run({ kind, app: index, credential, request }: Command, partnerId: number): Promise<void> {
  const apps = await store.reads.identity.appsOf(partnerId);
  const app = apps[index % Math.max(apps.length, 1)];
  const by = { partnerId };
  if (kind === 'app.register') await store.make(kind, appRequest(request), by);
  if (kind === 'group.delete') {
    await store.make(kind, { groupId: groups[index] ?? 0, expected: 'any' }, by);
  }
  if (app === undefined) return;
  const { clientId, credentials } = app;
  const { secretYears: _years, certificates: [certificate] = [], ...facts } = request;
  const what = { clientId, expected: 'any', grantable } as const;
  if (kind === 'app.change')
    await store.make(kind, { ...what, ...facts } as Changes['app.change']['input'], by);
  if (kind === 'app.delete') await store.make(kind, { clientId }, by);
  if (kind === 'credential.add')
    await store.make(
      kind,
      { clientId, grantable, credential: certificate === undefined ? { secretYears: 1 } : { certificate } },
      by,
    );
  if (kind === 'credential.remove') {
    const { credentialId } = credentials[credential % Math.max(credentials.length, 1)] ?? {
      credentialId: '',
    };
    await store.make(kind, { clientId, credentialId }, by);
  }
}

test('apps are what the record says, whatever was done to them and whatever was refused', async () => {
  let partners = 0;
  await fc.assert(
    fc.asyncProperty(someCommands(), async (commands) => {
      const { partnerId } = await store.make('partner.create', { name: `partner ${partners++}` });
      for (const customerId of names)
        await store.make('customer.create', { customerId, facts: {} }, { partnerId });
      for (const groupId of groups)
        assert.equal(
          (await store.make('group.create', { name: String(groupId) }, { partnerId })).groupId,
          groupId,
        );
      for (const command of commands) {
        const before = (await eventsOf(partnerId)).length;
        const refused: unknown = await run(command, partnerId).catch((error: unknown) => error);
        assert.ok(refused === undefined || refused instanceof ProblemError, String(refused));
        const grown = (await eventsOf(partnerId)).length - before;
        assert.ok(grown === 0 || (grown === 1 && refused === undefined));
      }
      const states: AppStates = new Map();
      for (const event of await eventsOf(partnerId))
        assert.equal(replayApps(states, event), event.kind.startsWith('app.'));
      const apps = await store.reads.identity.appsOf(partnerId);
      assert.deepEqual(states, new Map(apps.map((app) => [app.clientId, appStateText(app)])));
    }),
    { numRuns: runs(testEngine === 'sqlite' ? 60 : 12) },
  );
  await store.readWhole(async (connection) => {
    for await (const { partner, broken } of verifyStore(connection, { head: undefined }))
      assert.equal(broken, undefined, partner);
  });
});

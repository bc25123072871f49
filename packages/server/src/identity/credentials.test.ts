import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { after, beforeEach, describe, test } from 'node:test';
import type { Permission } from '@seatledger/contract';
import { makeCertificate } from '../testing/certificates.ts';
import { appRequest } from '../testing/identity.ts';
import { refusal } from '../testing/refusal.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import type { AppRequest } from './apps.ts';
import type { CredentialRequest } from './credentials.ts';
import type { App } from './ports.ts';

let store: TestStore;
let app: App;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  app = await register();
});
after(() => store.close());

const year = 365 * 86_400_000;
const certificate = makeCertificate().pem;
const nobody = '00000000-0000-4000-8000-000000000000';

const register = async (request: Partial<AppRequest> = {}): Promise<App> =>
  (await store.make('app.register', appRequest(request))).app;
const add = (
  credential: CredentialRequest['credential'],
  {
    clientId = app.clientId,
    grantable = null,
    now = someDay,
  }: Partial<CredentialRequest> & { now?: number } = {},
) => store.make('credential.add', { clientId, credential, grantable }, { now });
const remove = (credentialId: string, clientId = app.clientId) =>
  store.make('credential.remove', { clientId, credentialId });
const kept = async (clientId = app.clientId) => {
  const found = await store.reads.identity.app(store.partnerId, clientId);
  assert.ok(found !== undefined);
  return found;
};
const lastSequence = async () => (await store.reads.record.head(store.partnerId)).sequence;

describe('a credential that is added', () => {
  test('is a secret with the years that were asked for, and is told once', async () => {
    const { credential, clientSecret } = await add({ secretYears: 2 }, { now: someDay + 1000 });
    assert.match(clientSecret ?? '', /^sls_[A-Za-z0-9_-]{43}$/);
    assert.ok(credential.kind === 'secret');
    assert.equal(credential.lastFour, clientSecret?.slice(-4));
    assert.equal(credential.createdAt, someDay + 1000);
    assert.equal(credential.expiresAt, Date.UTC(2028, 0, 31, 0, 0, 1));
    assert.deepEqual((await kept()).credentials, [...app.credentials, credential]);
  });

  test('is a certificate, with which no secret is made', async () => {
    const { credential, clientSecret } = await add({ certificate }, { now: someDay + 1000 });
    assert.equal(clientSecret, null);
    assert.ok(credential.kind === 'certificate');
    assert.equal(credential.certificate, new X509Certificate(certificate).raw.toString('base64'));
    assert.equal(credential.expiresAt, Date.UTC(2040, 0, 1));
    assert.deepEqual((await kept()).credentials, [...app.credentials, credential]);
  });

  test('makes the app another version, and leaves the rest of it', async () => {
    const { credential } = await add({ secretYears: 1 }, { now: someDay + 1 });
    const changedSequence = await lastSequence();
    assert.equal(changedSequence, app.changedSequence + 1);
    assert.deepEqual(await kept(), {
      ...app,
      changedSequence,
      credentials: [...app.credentials, credential],
    });
  });

  test('goes to the app by its client id in any case', async () => {
    await add({ secretYears: 1 }, { clientId: app.clientId.toUpperCase() });
    assert.equal((await kept()).credentials.length, 2);
  });

  test('stands behind those that were there, in the order in which they were added', async () => {
    const ids: string[] = app.credentials.map(({ credentialId }) => credentialId);
    for (const [index, credential] of [{ secretYears: 1 }, { certificate }, { secretYears: 3 }].entries()) {
      const { credentialId } = (
        await add(credential as CredentialRequest['credential'], { now: someDay + 1 + index })
      ).credential;
      ids.push(credentialId);
    }
    assert.deepEqual(
      (await kept()).credentials.map(({ credentialId }) => credentialId),
      ids,
    );
  });

  test('is one that the app has not: the same certificate is refused, however it is written', async () => {
    await add({ certificate });
    const again = new X509Certificate(certificate).raw.toString('base64');
    for (const text of [certificate, again])
      await assert.rejects(
        add({ certificate: text }),
        refusal('body_invalid', [['certificate', 'certificate_twice']]),
      );
    const other = await register();
    assert.ok((await add({ certificate }, other)).credential.kind === 'certificate');
  });

  test('is refused where the certificate cannot be taken, and nothing is kept', async () => {
    const expired = makeCertificate({ expiresAt: someDay }).pem;
    await assert.rejects(
      add({ certificate: expired }),
      refusal('body_invalid', [['certificate', 'certificate_expired']]),
    );
    assert.deepEqual(await kept(), app);
  });

  test('is the twentieth at most; where one is removed there is room again', async () => {
    for (let count = 1; count < 20; count++) await add({ secretYears: 1 });
    await assert.rejects(add({ secretYears: 1 }), refusal('credential_limit_reached'));
    await assert.rejects(add({ certificate: 'garbage' }), refusal('credential_limit_reached'));
    const { credentials } = await kept();
    assert.equal(credentials.length, 20);
    await remove(credentials[0]?.credentialId ?? '');
    await add({ secretYears: 1 });
  });

  test('is for an app that is there', async () => {
    await assert.rejects(add({ secretYears: 1 }, { clientId: nobody }), refusal('app_not_found'));
  });

  test('gives nobody more than they have: all that the app holds has to be grantable, disabled or not', async () => {
    const held: Permission[] = ['seatledger.read', 'seatledger.admin'];
    const { clientId } = await register({ permissions: held });
    const withAll = { clientId, grantable: held };
    assert.ok((await add({ secretYears: 1 }, withAll)).clientSecret !== null);
    await store.make('app.change', { clientId, expected: 'any', grantable: null, disabled: true });
    const version = (await kept(clientId)).changedSequence;
    for (const grantable of [['seatledger.admin'], []] satisfies Permission[][])
      for (const credential of [{ secretYears: 1 }, { certificate }] as const)
        await assert.rejects(
          add(credential, { clientId, grantable }),
          refusal(
            'grant_exceeds_own',
            held
              .filter((name) => !grantable.some((own) => own === name))
              .map(() => ['permissions', 'permission_not_held']),
          ),
        );
    assert.equal((await kept(clientId)).changedSequence, version);
  });
});

describe('a credential that is removed', () => {
  test('is gone, and the others are as they were', async () => {
    const { credential } = await add({ certificate }, { now: someDay + 1 });
    const [first] = app.credentials;
    assert.ok(first !== undefined);
    assert.equal(await remove(first.credentialId.toUpperCase(), app.clientId.toUpperCase()), null);
    assert.deepEqual((await kept()).credentials, [credential]);
    assert.equal((await kept()).changedSequence, await lastSequence());
    const rows = await store.rows('select credential_id from app_credentials');
    assert.deepEqual(rows, [{ credential_id: credential.credentialId }]);
  });

  test('may be the last one', async () => {
    await remove(app.credentials[0]?.credentialId ?? '');
    assert.deepEqual((await kept()).credentials, []);
  });

  test('is one of this app: others, and those that are gone, are not found', async () => {
    const other = await register();
    const id = app.credentials[0]?.credentialId ?? '';
    await remove(id);
    const before = await lastSequence();
    for (const credentialId of [id, nobody, '', other.credentials[0]?.credentialId ?? ''])
      await assert.rejects(remove(credentialId), refusal('credential_not_found'));
    await assert.rejects(remove(id, nobody), refusal('app_not_found'));
    assert.equal(await lastSequence(), before);
    assert.deepEqual(await kept(other.clientId), other);
  });

  test('leaves the others in force, so that they are changed without a gap', async () => {
    const { credential } = await add({ secretYears: 1 }, { now: someDay + year / 2 });
    await remove(app.credentials[0]?.credentialId ?? '');
    assert.equal((await kept()).credentials[0]?.expiresAt, credential.expiresAt);
    assert.ok(credential.expiresAt > someDay + year);
  });
});

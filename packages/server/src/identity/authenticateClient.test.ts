import assert from 'node:assert/strict';
import crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';
import { after, beforeEach, describe, mock, test } from 'node:test';
import { openLedger } from '../openLedger.ts';
import { type AssertionRequest, makeAssertion } from '../testing/assertions.ts';
import { makeCertificate } from '../testing/certificates.ts';
import { testEngine } from '../testing/engine.ts';
import { appRequest, issuer, registerClient, type TestClient } from '../testing/identity.ts';
import { openTestPlace } from '../testing/place.ts';
import { openTestStore, someDay, type TestStore } from '../testing/store.ts';
import { createAssertionCheck } from './assertions.ts';
import {
  type AuthenticateClient,
  claimedClientId,
  type ClientProof,
  createClientAuthentication,
} from './authenticateClient.ts';
import type { CredentialUse } from './credentialUse.ts';

const stranger = '00000000-0000-4000-8000-000000000000';
const certificate = makeCertificate();
const renewed = makeCertificate();

let store: TestStore;
let now: number;
let client: TestClient;
let noted: (readonly [CredentialUse, string])[];
let authenticateClient: AuthenticateClient;
beforeEach(async () => {
  store?.close();
  store = await openTestStore();
  now = someDay;
  noted = [];
  client = await registerClient(store, { certificates: [certificate.pem] });
  authenticateClient = open();
});
after(() => store.close());

const clock = { now: () => now };
const open = () =>
  createClientAuthentication({
    reads: store.reads.identity,
    checkAssertion: createAssertionCheck({ clock, audiences: () => [issuer] }),
    useAssertion: (assertion) => store.make('assertion.use', { ...assertion, now }),
    noteUse: (use, from) => noted.push([use, from]),
    clock,
  });

const bySecret = (secret = client.clientSecret, clientId = client.clientId): ClientProof => ({
  clientId,
  secret,
});
const assertionOf = (request: Partial<AssertionRequest> = {}): string =>
  makeAssertion({
    clientId: client.clientId,
    audience: issuer,
    now,
    privateKey: certificate.privateKey,
    ...request,
  });
const byAssertion = (assertion = assertionOf(), clientId?: string): ClientProof => ({ clientId, assertion });
const passes = async (proof: ClientProof) => (await authenticateClient(proof, '192.0.2.7')) !== undefined;
const add = (pem: string) =>
  store.make('credential.add', {
    clientId: client.clientId,
    credential: { certificate: pem },
    grantable: null,
  });
const remove = (credentialId: string) =>
  store.make('credential.remove', { clientId: client.clientId, credentialId });
const setDisabled = (disabled: boolean) =>
  store.make('app.change', { clientId: client.clientId, expected: 'any', grantable: null, disabled });

describe('a client', () => {
  test('is known by its secret, with what its app is and the credential that it used', async () => {
    const authenticated = await authenticateClient(bySecret(), '192.0.2.7');
    assert.equal(authenticated?.credentialId, client.secretId);
    assert.deepEqual(authenticated?.client, await store.reads.identity.client(client.clientId));
    assert.equal(authenticated?.client.partnerId, store.partnerId);
    assert.equal(authenticated?.client.scopeVersion, 'all');
  });

  test('is known by an assertion, with or without its client id beside it', async () => {
    const { clientId } = client;
    for (const named of [undefined, clientId, clientId.toUpperCase()]) {
      const authenticated = await authenticateClient(byAssertion(assertionOf(), named), '192.0.2.7');
      assert.equal(authenticated?.client.clientId, clientId);
      assert.equal(authenticated?.credentialId, client.certificateIds[0]);
    }
    assert.equal(await passes(byAssertion(assertionOf(), stranger)), false);
  });

  test('is named in any case', async () => {
    const upper = client.clientId.toUpperCase();
    assert.equal(await passes(bySecret(client.clientSecret, upper)), true);
    assert.equal(await passes(byAssertion(assertionOf({ clientId: upper }))), true);
  });

  test('has its use noted with its address once it is known, and not where it is refused', async () => {
    await authenticateClient(bySecret(), '192.0.2.7');
    await authenticateClient(byAssertion(), '2001:db8::7');
    await authenticateClient(bySecret('wrong'), '192.0.2.9');
    await setDisabled(true);
    await authenticateClient(bySecret(), '192.0.2.9');
    const { clientId, secretId, certificateIds } = client;
    assert.deepEqual(noted, [
      [{ clientId, credentialId: secretId }, '192.0.2.7'],
      [{ clientId, credentialId: certificateIds[0] }, '2001:db8::7'],
    ]);
  });

  test('that is disabled is refused with whatever it has, until it is enabled again', async () => {
    await setDisabled(true);
    assert.deepEqual([await passes(bySecret()), await passes(byAssertion())], [false, false]);
    await setDisabled(false);
    assert.deepEqual([await passes(bySecret()), await passes(byAssertion())], [true, true]);
  });

  test('that was deleted is refused', async () => {
    await store.make('app.delete', { clientId: client.clientId });
    assert.deepEqual([await passes(bySecret()), await passes(byAssertion())], [false, false]);
  });

  test('has a client id: any other text is nobody’s, also one that no store can keep', async () => {
    for (const clientId of [
      '',
      ' ',
      '\0',
      `${client.clientId}\0`,
      'x\ud800',
      'x'.repeat(50_000),
      "' or ''='",
    ]) {
      assert.equal(await passes(bySecret(client.clientSecret, clientId)), false);
      if (clientId.length < 1000) assert.equal(await passes(byAssertion(assertionOf({ clientId }))), false);
    }
  });
});

describe('a secret', () => {
  test('is refused where it is wrong, also by its blanks, its case and its prefix', async () => {
    const { clientSecret } = client;
    const others = ['', 'wrong', ` ${clientSecret}`, clientSecret.toUpperCase(), clientSecret.slice(4)];
    for (const secret of others) assert.equal(await passes(bySecret(secret)), false);
  });

  test('is good to the millisecond before its end', async () => {
    now = Date.UTC(2027, 0, 31) - 1;
    assert.equal(await passes(bySecret()), true);
    now += 1;
    assert.equal(await passes(bySecret()), false);
  });

  test('is refused once it was removed, and the one that was added before goes on', async () => {
    const credential = { secretYears: 1 } as const;
    const { clientId, secretId } = client;
    const { clientSecret } = await store.make('credential.add', { clientId, credential, grantable: null });
    assert.deepEqual([await passes(bySecret()), await passes(bySecret(clientSecret ?? ''))], [true, true]);
    await remove(secretId);
    assert.deepEqual([await passes(bySecret()), await passes(bySecret(clientSecret ?? ''))], [false, true]);
  });

  test('is of one app: with another, of this partner or of another, it is wrong', async () => {
    const other = await registerClient(store);
    const { partnerId } = await store.make('partner.create', { name: 'other' });
    const ofOther = await registerClient(store, {}, { partnerId });
    for (const { clientId, clientSecret } of [other, ofOther]) {
      assert.equal(await passes(bySecret(client.clientSecret, clientId)), false);
      assert.equal(await passes(bySecret(clientSecret)), false);
      assert.equal(await passes(bySecret(clientSecret, clientId)), true);
    }
  });
});

describe('an assertion', () => {
  test('is good once', async () => {
    const proof = byAssertion();
    assert.deepEqual([await passes(proof), await passes(proof)], [true, false]);
    authenticateClient = open();
    assert.equal(await passes(proof), false);
    assert.equal(await passes(byAssertion()), true);
  });

  test('is the same with the other signature that fits it: r and n - s', async () => {
    const assertion = assertionOf();
    const [header, claims, signature = ''] = assertion.split('.');
    const bytes = Buffer.from(signature, 'base64url');
    const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
    const s = order - BigInt(`0x${bytes.toString('hex', 32)}`);
    bytes.write(s.toString(16).padStart(64, '0'), 32, 'hex');
    const twin = `${header}.${claims}.${bytes.toString('base64url')}`;
    assert.notEqual(twin, assertion);
    assert.equal(await passes(byAssertion(twin)), true);
    assert.equal(await passes(byAssertion(assertion)), false);
  });

  test('is told by its id: another with the same id is refused, and that of another client is not', async () => {
    const claims = { jti: 'one' };
    const other = await registerClient(store, { secretYears: null, certificates: [renewed.pem] });
    assert.equal(await passes(byAssertion(assertionOf({ claims }))), true);
    now += 1000;
    assert.equal(await passes(byAssertion(assertionOf({ claims }))), false);
    const { privateKey } = renewed;
    const { clientId } = other;
    assert.equal(await passes(byAssertion(assertionOf({ claims, clientId, privateKey }))), true);
    assert.equal(await passes(byAssertion(assertionOf({ claims: { jti: 'One' } }))), true);
  });

  test('is not used up by what proves nothing', async () => {
    const claims = { jti: 'one' };
    const { privateKey } = renewed;
    assert.equal(await passes(byAssertion(assertionOf({ claims, privateKey }))), false);
    const assertion = assertionOf({ claims });
    assert.equal(await passes(byAssertion(assertion, stranger)), false);
    assert.equal(await passes(byAssertion(assertion)), true);
  });

  test('is good with every certificate of the app, until that is removed', async () => {
    const { privateKey } = renewed;
    assert.equal(await passes(byAssertion(assertionOf({ privateKey }))), false);
    await add(renewed.pem);
    assert.equal(await passes(byAssertion(assertionOf({ privateKey }))), true);
    assert.equal(await passes(byAssertion()), true);
    await remove(client.certificateIds[0] ?? '');
    assert.equal(await passes(byAssertion()), false);
    assert.equal(await passes(byAssertion(assertionOf({ privateKey }))), true);
  });

  test('is refused after its certificate has ended, and before it begins', async () => {
    const startsAt = now + 600_000;
    const short = makeCertificate({ startsAt, expiresAt: startsAt + 600_000 });
    await add(short.pem);
    const { privateKey } = short;
    const passesAt = async (instant: number) => {
      now = instant;
      return passes(byAssertion(assertionOf({ privateKey })));
    };
    assert.equal(await passesAt(startsAt - 301_000), false);
    assert.equal(await passesAt(startsAt), true);
    assert.equal(await passesAt(startsAt + 599_999), true);
    assert.equal(await passesAt(startsAt + 600_000), false);
  });

  test('is refused where it is of another client, or signed by one', async () => {
    const other = await registerClient(store, { secretYears: null, certificates: [renewed.pem] });
    assert.equal(await passes(byAssertion(assertionOf({ clientId: other.clientId }))), false);
    assert.equal(await passes(byAssertion(assertionOf({ privateKey: renewed.privateKey }))), false);
    assert.equal(await passes(byAssertion(assertionOf({ clientId: stranger }))), false);
  });

  test('that comes to several at the same moment, also to several processes, passes once', async () => {
    const place = await openTestPlace();
    const opening = { clock, create: true, onWriterDeath: assert.fail };
    const processes = [await openLedger(place.place, opening)];
    // A data folder is one process's own; its requests are underway at the same time all the same.
    if (testEngine === 'postgres') processes.push(await openLedger(place.place, opening));
    try {
      const order = { partnerId: 0, actor: 'test', reason: null, now };
      const [first] = processes;
      const created = await first?.make({ ...order, kind: 'partner.create', input: { name: 'one' } });
      const partnerId = created?.partnerId ?? 0;
      const input = appRequest({ secretYears: null, certificates: [certificate.pem] });
      const registered = await first?.make({ ...order, kind: 'app.register', partnerId, input });
      const authentications = processes.map(({ reads, make }) =>
        createClientAuthentication({
          reads: reads.identity,
          checkAssertion: createAssertionCheck({ clock, audiences: () => [issuer] }),
          useAssertion: (used) => make({ ...order, kind: 'assertion.use', input: { ...used, now } }),
          noteUse: () => undefined,
          clock,
        }),
      );
      for (let time = 0; time < 5; time++) {
        const proof = byAssertion(assertionOf({ clientId: registered?.app.clientId ?? '' }));
        const all = Array.from({ length: 10 }, () => authentications).flat();
        const answers = await Promise.all(all.map((authenticate) => authenticate(proof, '192.0.2.7')));
        assert.equal(answers.filter((answer) => answer !== undefined).length, 1);
      }
    } finally {
      for (const each of processes) await each.close();
      await place.remove();
    }
  });
});

describe('how long a refusal takes', () => {
  /** How often secrets were hashed, hashes compared and signatures verified in the meantime. */
  async function workOf(proof: ClientProof) {
    const hash = mock.method(crypto, 'createHash');
    const compare = mock.method(crypto, 'timingSafeEqual');
    const verify = mock.method(crypto.subtle, 'verify');
    syncBuiltinESMExports();
    try {
      assert.equal(await passes(proof), false);
      return [hash, compare, verify].map((mocked) => mocked.mock.callCount());
    } finally {
      mock.restoreAll();
      syncBuiltinESMExports();
    }
  }

  test('tells nothing of a secret: an unknown client, a wrong secret and an expired one are one hash and one comparison', async () => {
    const once = [1, 1, 0];
    assert.deepEqual(await workOf(bySecret('wrong')), once);
    assert.deepEqual(await workOf(bySecret(client.clientSecret, stranger)), once);
    now = Date.UTC(2028, 0, 31);
    assert.deepEqual(await workOf(bySecret()), once);
    await remove(client.secretId);
    assert.deepEqual(await workOf(bySecret()), once);
  });

  test('tells nothing of certificates: with none that can be tried, a signature is verified once as well', async () => {
    const verifications = async (assertion: string) => (await workOf(byAssertion(assertion)))[2];
    const { privateKey } = renewed;
    assert.equal(await verifications(assertionOf({ privateKey })), 1);
    assert.equal(await verifications(assertionOf({ clientId: stranger })), 1);
    const rsa = makeCertificate({ key: 'RSA 2048' }).privateKey;
    assert.equal(await verifications(assertionOf({ alg: 'RS256', privateKey: rsa })), 1);
    await remove(client.certificateIds[0] ?? '');
    assert.equal(await verifications(assertionOf()), 1);
  });
});

describe('whom a proof says it is of', () => {
  test('is the client id in lower case: the form’s, or the subject of the assertion', () => {
    assert.equal(claimedClientId({ clientId: 'ABC', secret: 'x' }), 'abc');
    const upper = client.clientId.toUpperCase();
    assert.equal(claimedClientId(byAssertion(assertionOf({ clientId: upper }))), client.clientId);
    assert.equal(claimedClientId(byAssertion(assertionOf(), stranger)), client.clientId);
  });

  test('is the form’s where the assertion cannot be read, and nobody where there is none', () => {
    assert.equal(claimedClientId(byAssertion('garbage', 'ABC')), 'abc');
    assert.equal(claimedClientId(byAssertion('garbage')), '');
  });
});

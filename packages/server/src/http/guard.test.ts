import assert from 'node:assert/strict';
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { after, describe, test } from 'node:test';
import { type Operation, operations, permissions, revisions } from '@seatledger/contract';
import { decodeJwt, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { pino } from 'pino';
import { assertProblem } from '../testing/answers.ts';
import { startTestServer } from '../testing/server.ts';
import { createHttpServer } from './server.ts';

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\n');

const guarded = Object.values<Operation>(operations).flatMap((operation) => {
  const { permission } = operation;
  return permission === undefined ? [] : [{ ...operation, permission }];
});
const seatsPath = pathOf(operations.getCustomerUserSeats);
const token = await server.token(server.admin);
const [signingKey] = await server.place.signingKeys();
assert.ok(signingKey);
const ask = (authorization: string | undefined, headers: Record<string, string> = {}) =>
  server.request(seatsPath, {
    headers: { ...(authorization === undefined ? {} : { authorization }), ...headers },
  });

function pathOf({ path }: Operation): string {
  const values: Record<string, string> = { customerId: 'contoso', productType: '2048', clientId: 'nobody' };
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => values[name] ?? '1');
}

describe('a request without a bearer token', () => {
  for (const operation of guarded) {
    test(`is 401 at ${operation.id}, and is told of no error`, async () => {
      const answer = await server.request(pathOf(operation), { method: operation.method });
      assert.equal(answer.headers.get('www-authenticate'), 'Bearer realm="seatledger"');
      await assertProblem(answer, 401, 'token_missing');
    });
  }

  const { clientId, clientSecret } = server.admin;
  for (const [what, authorization] of [
    ['has the credentials of the app in HTTP Basic', `Basic ${btoa(`${clientId}:${clientSecret}`)}`],
    ['has its token without a scheme', token],
    ['has its token in another scheme', `DPoP ${token}`],
    ['has an empty header', ''],
  ] as const) {
    test(`is 401 where it ${what}`, async () => {
      await assertProblem(await ask(authorization), 401, 'token_missing');
    });
  }

  test('is 401 where the token is in the query', async () => {
    const answer = await server.request(`${seatsPath}?access_token=${token}`);
    await assertProblem(answer, 401, 'token_missing');
  });
});

describe('a bearer token', () => {
  test('is taken whatever the case of its scheme', async () => {
    for (const scheme of ['Bearer', 'bearer', 'BEARER', 'Bearer  ']) {
      assert.equal((await ask(`${scheme} ${token}`)).status, 200, scheme);
    }
  });

  test('is the rest of the header, without the blanks that end it and with whatever else does', async () => {
    assert.equal((await ask(`Bearer ${token} \t`)).status, 200);
    const withoutBreak = await ask(`Bearer ${token}\u00a0`);
    await assertProblem(withoutBreak, 401, 'token_invalid');
  });

  const { kid, privateJwk } = signingKey;
  const ownKey = createPrivateKey({ key: { ...privateJwk }, format: 'jwk' });
  const otherKey = generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
  const { credential_id: credentialId } = decodeJwt(token);
  const seconds = Math.floor(server.now() / 1000);
  const claims: JWTPayload = {
    iss: server.url,
    aud: server.url,
    sub: server.admin.clientId,
    client_id: server.admin.clientId,
    scope: 'elements.license.read.all',
    iat: seconds,
    exp: seconds + 3600,
    jti: 'made-by-hand',
    credential_id: credentialId,
  };
  function sign(
    changed: { readonly [Claim in string]?: unknown } = {},
    {
      key = ownKey,
      ...header
    }: { key?: KeyObject | Uint8Array; alg?: string; typ?: string; kid?: string } = {},
  ): Promise<string> {
    return new SignJWT({ ...claims, ...changed })
      .setProtectedHeader({ alg: 'RS256', typ: 'at+jwt', kid, ...header })
      .sign(key);
  }

  test('made by hand with the right key and claims is taken, so that each of the following is wrong in one way', async () => {
    assert.equal((await ask(`Bearer ${await sign()}`)).status, 200);
  });

  const publicKeyAsSecret = createHash('sha256').update(JSON.stringify(privateJwk.n)).digest();
  const refused: readonly (readonly [what: string, token: () => Promise<string> | string])[] = [
    ['is garbage', () => 'garbage'],
    ['is garbage of three parts', () => 'a.b.c'],
    ['is empty', () => ''],
    ['has a blank in it', () => `${token.slice(0, 10)} ${token.slice(10)}`],
    ['lacks its signature', () => token.split('.').slice(0, 2).join('.')],
    ['has an empty signature', () => `${token.split('.').slice(0, 2).join('.')}.`],
    ['has the algorithm none', () => new UnsecuredJWT(claims).encode()],
    ['is signed with another key', () => sign({}, { key: otherKey })],
    ['is signed with another key of another name', () => sign({}, { key: otherKey, kid: 'other' })],
    ['is signed with a shared secret', () => sign({}, { key: publicKeyAsSecret, alg: 'HS256' })],
    ['is for another audience', () => sign({ aud: 'https://seats.example.com' })],
    ['is of another issuer', () => sign({ iss: 'https://seats.example.com' })],
    ['is no access token', () => sign({}, { typ: 'JWT' })],
    ['names no credential', () => sign({ credential_id: undefined })],
    ['names a credential that the app does not have', () => sign({ credential_id: 'another' })],
    ['has no id', () => sign({ jti: undefined })],
    ['names no app', () => sign({ client_id: undefined })],
    ['names an app that there is not', () => sign({ sub: 'nobody', client_id: 'nobody' })],
    ['is not valid yet', () => sign({ nbf: seconds + 600 })],
    ['does not end', () => sign({ exp: undefined })],
  ];
  for (const [what, bad] of refused) {
    test(`that ${what} is 401 token_invalid`, async () => {
      const answer = await ask(`Bearer ${await bad()}`);
      assert.equal(
        answer.headers.get('www-authenticate'),
        'Bearer realm="seatledger", error="invalid_token"',
      );
      await assertProblem(answer, 401, 'token_invalid');
    });
  }

  test('that has expired is 401 token_expired, also where it was taken before', async () => {
    const issuedAt = server.now();
    const taken = await server.token(server.admin);
    const neverSent = await server.token(server.admin);
    assert.equal((await ask(`Bearer ${taken}`)).status, 200);
    server.setNow(issuedAt + 3_601_000);
    for (const expired of [taken, neverSent, taken]) {
      const answer = await ask(`Bearer ${expired}`);
      assert.equal(
        answer.headers.get('www-authenticate'),
        'Bearer realm="seatledger", error="invalid_token"',
      );
      await assertProblem(answer, 401, 'token_expired');
    }
    server.setNow(issuedAt);
  });

  test('of an app that was deleted is 401 at once', async () => {
    const app = await server.createApp({});
    const ofApp = `Bearer ${await server.token(app)}`;
    assert.equal((await ask(ofApp)).status, 200);
    await server.request(`/api/v1/apps/${app.clientId}`, { as: server.admin, method: 'DELETE' });
    await assertProblem(await ask(ofApp), 401, 'token_invalid');
  });
});

describe('the permission of an operation', () => {
  for (const operation of guarded) {
    const { id, method, permission } = operation;
    test(`is needed for ${id}: all the others together are 403, which names it`, async () => {
      const as = await server.createApp({ permissions: permissions.filter((other) => other !== permission) });
      const answer = await server.request(pathOf(operation), { as, method });
      assert.equal(
        answer.headers.get('www-authenticate'),
        `Bearer realm="seatledger", error="insufficient_scope", scope="${permission}"`,
      );
      const { detail } = await assertProblem(answer, 403, 'permission_missing');
      assert.ok(detail.includes(permission));
    });

    test(`is enough for ${id}`, async () => {
      const as = await server.createApp({ permissions: [permission] });
      const { status } = await server.request(pathOf(operation), { as, method });
      assert.notEqual(status, 401);
      assert.notEqual(status, 403);
    });
  }

  test('is missing where the app holds it and its token does not carry it', async () => {
    const narrow = await server.token(server.admin, 'seatledger.read');
    await assertProblem(await ask(`Bearer ${narrow}`), 403, 'permission_missing');
  });

  test('is named to HEAD in the header', async () => {
    const as = await server.createApp({ permissions: ['seatledger.read'] });
    const answer = await server.request(seatsPath, { as, method: 'HEAD' });
    assert.equal(answer.status, 403);
    assert.match(answer.headers.get('www-authenticate') ?? '', /scope="elements\.license\.read\.all"$/);
  });
});

describe('the contract revision', () => {
  test('is asked for where the partner contract is spoken alone', async () => {
    for (const revision of [...revisions, '2020-01-01']) {
      const headers = { 'api-version': revision };
      assert.equal((await server.request('/api/v1/seats', { as: server.admin, headers })).status, 200);
    }
  });
});

describe('rights that cannot be checked', () => {
  test('are 503 with Retry-After, and nothing is answered', async () => {
    const app = createHttpServer({
      routes: [{ operation: operations.getCustomerUserSeats, answer: () => Promise.resolve('{}') }],
      authenticate: () => ({ refused: 'rights_unverified', cause: new Error('no answer') }),
      logger: pino({ level: 'silent' }),
      newId: () => 'an-id',
    });
    const url = await app.listen({ host: '127.0.0.1', port: 0 });
    const answer = await fetch(`${url}${seatsPath}`, { headers: { authorization: 'Bearer a-token' } });
    assert.equal(answer.headers.get('www-authenticate'), null);
    await assertProblem(answer, 503, 'rights_unverified');
    await app.close();
  });
});

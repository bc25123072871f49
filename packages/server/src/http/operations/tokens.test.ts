/** The token endpoint against RFC 6749, to the letter of section 5.2. */

import assert from 'node:assert/strict';
import { gzipSync } from 'node:zlib';
import { after, describe, test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { comparable } from '../../testing/answers.ts';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const held = ['seatledger.read', 'elements.license.read.all'] as const;
const app = await server.createApp({ permissions: [...held] });
const { clientId, clientSecret } = app;

const formType = 'application/x-www-form-urlencoded';
const grant = 'grant_type=client_credentials';
const inBody = `client_id=${clientId}&client_secret=${clientSecret}`;
const basic = (id: string, secret: string) => `Basic ${Buffer.from(`${id}:${secret}`).toString('base64')}`;
const inHeader = { authorization: basic(clientId, clientSecret) };
const unknownId = '00000000-0000-4000-8000-000000000000';

interface Asked {
  body?: string | Uint8Array<ArrayBuffer>;
  headers?: Record<string, string>;
  path?: string;
}

const ask = ({ body, headers = {}, path = '/connect/token' }: Asked) =>
  fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'content-type': formType, ...headers },
    ...(body === undefined ? {} : { body }),
  });

interface Granted {
  access_token: string;
  token_type: string;
  expires_in: number;
  scope: string;
}

async function granted(asked: Asked): Promise<Granted> {
  const response = await ask(asked);
  assert.equal(response.status, 200, await response.clone().text());
  return (await response.json()) as Granted;
}

function assertHeaders(response: Response): void {
  assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
  assert.equal(response.headers.get('cache-control'), 'no-store');
  assert.equal(response.headers.get('pragma'), 'no-cache');
  assert.match(response.headers.get('request-id') ?? '', /^[A-Za-z0-9._:-]{1,64}$/);
}

async function assertRefused(response: Response, error: string, status = 400): Promise<void> {
  const body = (await response.json()) as Record<string, unknown>;
  assert.equal(response.status, status);
  assert.equal(body['error'], error);
  assert.deepEqual(Object.keys(body), ['error', 'error_description']);
  // The characters that section 5.2 leaves to a description.
  assert.match(String(body['error_description']), /^[\x20-\x21\x23-\x5B\x5D-\x7E]+$/);
  assertHeaders(response);
  assert.equal(response.headers.get('www-authenticate'), status === 401 ? 'Basic realm="seatledger"' : null);
}

describe('a token is granted', () => {
  test('with the members of RFC 6749 section 5.1, and is not to be stored', async () => {
    const response = await ask({ body: `${grant}&${inBody}` });
    assert.equal(response.status, 200);
    assertHeaders(response);
    const { access_token: token, ...rest } = (await response.json()) as Granted;
    assert.deepEqual(rest, { token_type: 'Bearer', expires_in: 3600, scope: held.join(' ') });
    assert.equal(token.split('.').length, 3);
  });

  const accepted: Record<string, Asked> = {
    'the secret in the form': { body: `${grant}&${inBody}` },
    'the parameters in any order': { body: `scope=seatledger.read&${inBody}&${grant}` },
    'the secret by HTTP Basic': { body: grant, headers: inHeader },
    'Basic in any case, after several blanks': {
      body: grant,
      headers: { authorization: inHeader.authorization.replace('Basic ', 'bASIC   ') },
    },
    'Basic, and its client id in the form too': { body: `${grant}&client_id=${clientId}`, headers: inHeader },
    'Basic, and empty credentials in the form': {
      body: `${grant}&client_id=&client_secret=`,
      headers: inHeader,
    },
    // RFC 6749 section 2.3.1: each part is form-encoded first. oauth4webapi encodes every hyphen and underscore.
    'Basic with its parts form-encoded': {
      body: grant,
      headers: { authorization: basic(encodeAll(clientId), encodeAll(clientSecret)) },
    },
    'an upper-case client id in the form': {
      body: `${grant}&client_id=${clientId.toUpperCase()}&client_secret=${clientSecret}`,
    },
    'an upper-case client id by Basic': {
      body: grant,
      headers: { authorization: basic(clientId.toUpperCase(), clientSecret) },
    },
    'a charset behind the content type': {
      body: `${grant}&${inBody}`,
      headers: { 'content-type': `${formType}; charset=UTF-8` },
    },
    'the content type in any case': {
      body: `${grant}&${inBody}`,
      headers: { 'content-type': 'Application/X-WWW-Form-URLEncoded' },
    },
    // RFC 6749 section 3.2: unrecognized parameters are ignored.
    'parameters that nobody knows': { body: `${grant}&${inBody}&audience=a&resource=b&token=c` },
    'empty parameters, which are absent': { body: `${grant}&${inBody}&scope=&resource=` },
    'a path in another case, with a slash at its end': {
      body: `${grant}&${inBody}`,
      path: '/Connect/Token/',
    },
  };
  for (const [name, asked] of Object.entries(accepted)) {
    test(`for ${name}`, async () => {
      const { scope } = await granted(asked);
      assert.equal(scope, name.includes('order') ? 'seatledger.read' : held.join(' '));
    });
  }
});

describe('a request is refused', () => {
  const wrongSecret = `client_id=${clientId}&client_secret=wrong`;
  const refused: Record<string, Asked & { error: string; status?: number }> = {
    'without a grant type': { body: inBody, error: 'invalid_request' },
    'with an empty grant type': { body: `grant_type=&${inBody}`, error: 'invalid_request' },
    'with a repeated grant type': { body: `${grant}&${grant}&${inBody}`, error: 'invalid_request' },
    'with a repeated client id': {
      body: `${grant}&${inBody}&client_id=${clientId}`,
      error: 'invalid_request',
    },
    'with a repeated secret': { body: `${grant}&${inBody}&client_secret=x`, error: 'invalid_request' },
    'with a repeated scope': { body: `${grant}&${inBody}&scope=a&scope=b`, error: 'invalid_request' },
    'with a parameter repeated empty': { body: `${grant}&${inBody}&scope=&scope=`, error: 'invalid_request' },
    'with an unknown parameter repeated': { body: `${grant}&${inBody}&x=1&x=2`, error: 'invalid_request' },
    'with a secret in the form and by Basic': {
      body: `${grant}&${inBody}`,
      headers: inHeader,
      error: 'invalid_request',
    },
    'with another client id in the form than by Basic': {
      body: `${grant}&client_id=${unknownId}`,
      headers: inHeader,
      error: 'invalid_request',
    },
    'with a wrong secret in the form beside the right one by Basic': {
      body: `${grant}&client_secret=wrong`,
      headers: inHeader,
      error: 'invalid_request',
    },
    'without a body': { error: 'invalid_request' },
    'without a body, with Basic': { headers: inHeader, error: 'invalid_request' },
    'as JSON': {
      body: JSON.stringify({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
      headers: { 'content-type': 'application/json' },
      error: 'invalid_request',
    },
    'as text': {
      body: `${grant}&${inBody}`,
      headers: { 'content-type': 'text/plain' },
      error: 'invalid_request',
    },
    'as multipart': {
      body: '--x\r\ncontent-disposition: form-data; name="grant_type"\r\n\r\nclient_credentials\r\n--x--',
      headers: { 'content-type': 'multipart/form-data; boundary=x' },
      error: 'invalid_request',
    },
    'with an empty content type': {
      body: `${grant}&${inBody}`,
      headers: { 'content-type': '' },
      error: 'invalid_request',
    },
    compressed: {
      body: new Uint8Array(gzipSync(`${grant}&${inBody}`)),
      headers: { 'content-encoding': 'gzip' },
      error: 'invalid_request',
    },
    'with more than 64 KiB': { body: `${grant}&${inBody}&x=${'x'.repeat(65_536)}`, error: 'invalid_request' },
    'with its parameters in the URL': { path: `/connect/token?${grant}&${inBody}`, error: 'invalid_request' },
    'with its credentials in the URL': {
      path: `/connect/token?${inBody}`,
      body: grant,
      error: 'invalid_client',
    },
    'for a code': { body: `grant_type=authorization_code&code=x&${inBody}`, error: 'unsupported_grant_type' },
    'for a password': { body: `grant_type=password&${inBody}`, error: 'unsupported_grant_type' },
    'for the grant in another case': {
      body: `grant_type=Client_Credentials&${inBody}`,
      error: 'unsupported_grant_type',
    },
    'without credentials': { body: grant, error: 'invalid_client' },
    'without a secret': { body: `${grant}&client_id=${clientId}`, error: 'invalid_client' },
    'with an empty secret': {
      body: `${grant}&client_id=${clientId}&client_secret=`,
      error: 'invalid_client',
    },
    'without a client id': { body: `${grant}&client_secret=${clientSecret}`, error: 'invalid_client' },
    'with an unknown client': {
      body: `${grant}&client_id=${unknownId}&client_secret=${clientSecret}`,
      error: 'invalid_client',
    },
    'with a wrong secret': { body: `${grant}&${wrongSecret}`, error: 'invalid_client' },
    'with more after the secret': { body: `${grant}&${inBody}x`, error: 'invalid_client' },
    'with a secret of 60,000 characters': {
      body: `${grant}&client_id=${clientId}&client_secret=${clientSecret}${'x'.repeat(60_000)}`,
      error: 'invalid_client',
    },
    'with a wrong secret by Basic': {
      body: grant,
      headers: { authorization: basic(clientId, 'wrong') },
      error: 'invalid_client',
      status: 401,
    },
    'with an unknown client by Basic': {
      body: grant,
      headers: { authorization: basic(unknownId, clientSecret) },
      error: 'invalid_client',
      status: 401,
    },
  };
  for (const [name, authorization] of Object.entries({
    'without a colon': `Basic ${Buffer.from(clientId).toString('base64')}`,
    'without anything': 'Basic',
    'that is not base64': 'Basic !!!',
    'of a colon alone': basic('', ''),
    'without a secret': basic(clientId, ''),
    'with broken percent-encoding': basic(clientId, '%zz'),
  })) {
    refused[`with Basic ${name}`] = {
      body: grant,
      headers: { authorization },
      error: 'invalid_client',
      status: 401,
    };
  }
  for (const authorization of ['Bearer abc', 'Digest username="a"', clientSecret]) {
    refused[`with the header Authorization: ${authorization.slice(0, 6)}…`] = {
      body: grant,
      headers: { authorization },
      error: 'invalid_client',
      status: 401,
    };
  }
  for (const [name, { error, status, ...asked }] of Object.entries(refused)) {
    test(`${name}: ${status ?? 400} ${error}`, async () => assertRefused(await ask(asked), error, status));
  }

  test('by any method but POST, with 405 and Allow', async () => {
    for (const method of ['GET', 'HEAD', 'PUT', 'DELETE', 'OPTIONS', 'PATCH']) {
      const response = await fetch(`${server.url}/connect/token?${grant}&${inBody}`, { method });
      assert.equal(response.status, 405, method);
      assert.equal(response.headers.get('allow'), 'POST');
      await response.arrayBuffer();
    }
  });
});

describe('an unknown client, a wrong secret and an expired secret', () => {
  const told = async (asked: Asked) => comparable(await ask(asked));
  const asForm = ({ clientId: id, clientSecret: secret }: TestApp): Asked => ({
    body: `${grant}&client_id=${id}&client_secret=${secret}`,
  });
  const asBasic = ({ clientId: id, clientSecret: secret }: TestApp): Asked => ({
    body: grant,
    headers: { authorization: basic(id, secret) },
  });

  for (const [way, asking] of Object.entries({ 'in the form': asForm, 'by Basic': asBasic })) {
    test(`answer the same ${way}, but for the request id and the date`, async () => {
      const unknown = await told(asking({ clientId: unknownId, clientSecret }));
      const wrong = await told(asking({ clientId, clientSecret: 'wrong' }));
      const now = server.now();
      server.setNow(now + 366 * 86_400_000);
      const expired = await told(asking(app));
      server.setNow(now);
      assert.equal((await ask(asking(app))).status, 200);
      assert.deepEqual(unknown, wrong);
      assert.deepEqual(expired, wrong);
    });
  }
});

describe('the scope', () => {
  const scopeOf = async (scope: string) =>
    (await granted({ body: `${grant}&${inBody}&scope=${encodeURIComponent(scope)}` })).scope;
  const refuse = async (scope: string) =>
    assertRefused(
      await ask({ body: `${grant}&${inBody}&scope=${encodeURIComponent(scope)}` }),
      'invalid_scope',
    );

  test('that is absent or empty means all that the app holds', async () => {
    assert.equal((await granted({ body: `${grant}&${inBody}` })).scope, held.join(' '));
    assert.equal(await scopeOf(''), held.join(' '));
  });

  test("can be the seven permissions that the PowerShell client's every seat cmdlet asks for at once", async () => {
    const bundle = [
      'elements.customers.read.all',
      'elements.customers.readwrite.all',
      'elements.license.read.all',
      'elements.license.readwrite.all',
      'elements.scanprofiles.read.all',
      'elements.jobs.read.all',
      'elements.cbprotected.read.all',
    ] as const;
    const holder = await server.createApp({ permissions: [...bundle] });
    const form = `client_id=${holder.clientId}&client_secret=${holder.clientSecret}`;
    const asked = encodeURIComponent(bundle.join(' '));
    assert.equal((await granted({ body: `${grant}&${form}&scope=${asked}` })).scope, bundle.join(' '));
  });

  test('means what it names, once, and the token carries that alone', async () => {
    assert.equal(await scopeOf('seatledger.read seatledger.read'), 'seatledger.read');
    assert.equal(await scopeOf('elements.license.read.all seatledger.read'), held.toReversed().join(' '));
    const token = await server.token(app, 'elements.license.read.all');
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as object;
    assert.equal(Reflect.get(claims, 'scope'), 'elements.license.read.all');
    const response = await fetch(`${server.url}/api/v1/seats`, {
      headers: { authorization: `Bearer ${token}` },
    });
    assert.equal(response.status, 403);
  });

  for (const [name, scope] of Object.entries({
    'is a blank': ' ',
    'is of blanks alone': '   ',
    'names a permission that there is not': 'elements.nothing',
    'names one that the app does not hold': 'seatledger.admin',
    'names one that it holds and one that it does not': 'seatledger.read seatledger.admin',
    'writes one in another case': 'Seatledger.Read',
    'separates them by a comma': 'seatledger.read,elements.license.read.all',
    'separates them by a tab': 'seatledger.read\telements.license.read.all',
    'holds quotes and control characters': '"\\\u0000\u0007<script>',
    'is of another script': 'сеатледгер',
    'is the name of a property of every object': '__proto__ constructor',
  })) {
    test(`that ${name} is invalid_scope`, () => refuse(scope));
  }

  test('of 2,000 characters is read, and one more is invalid_scope', async () => {
    const longest = Array.from({ length: 76 }, () => 'elements.license.read.all')
      .join(' ')
      .padEnd(2000);
    assert.equal(await scopeOf(longest), 'elements.license.read.all');
    await refuse(`${longest} `);
  });

  test('may name all permissions that there are at once', async () => {
    const { clientId: id, clientSecret: secret } = server.admin;
    const body = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: id,
      client_secret: secret,
      scope: permissions.join(' '),
    });
    assert.equal((await granted({ body: body.toString() })).scope, permissions.join(' '));
  });
});

function encodeAll(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[-_.!~*'()]/g,
    (letter) => `%${letter.charCodeAt(0).toString(16)}`,
  );
}

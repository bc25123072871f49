/** The token endpoint for clients that sign an assertion: as the real ones do it, and as nobody may. */

import assert from 'node:assert/strict';
import { createHash, createPrivateKey, randomUUID, sign, X509Certificate } from 'node:crypto';
import { after, describe, test } from 'node:test';
import type { CreatedAppRegistration } from '@seatledger/contract';
import { comparable } from '../../testing/answers.ts';
import { makeCertificate, type TestCertificate } from '../../testing/certificates.ts';
import { sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const admin = await sendAs(server, server.admin);
const endpoint = `${server.url}/connect/token`;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';
const certificate = makeCertificate({ key: 'RSA 2048' });

async function register(...certificates: readonly TestCertificate[]): Promise<CreatedAppRegistration> {
  const body = {
    name: 'app',
    permissions: ['elements.license.read.all', 'seatledger.read'],
    certificates: certificates.map(({ pem }) => pem),
  };
  const answer = await admin('POST', '/api/v1/apps', { body });
  const text = await answer.text();
  assert.equal(answer.status, 201, text);
  return JSON.parse(text) as CreatedAppRegistration;
}
const { clientId } = await register(certificate);

/** A JWT made by hand: what a library would refuse to make can be made too. */
function assertion(
  claims: object = {},
  {
    header = {},
    by = certificate,
    indent,
  }: { header?: object; by?: TestCertificate; indent?: number | undefined } = {},
): string {
  const now = Math.floor(server.now() / 1000);
  const own = { iss: clientId, sub: clientId, aud: endpoint, jti: randomUUID(), nbf: now, exp: now + 300 };
  const parts = [
    { alg: 'RS256', typ: 'JWT', ...header },
    { ...own, ...claims },
  ];
  const signed = parts
    .map((part) => Buffer.from(JSON.stringify(part, undefined, indent)).toString('base64url'))
    .join('.');
  const signature = sign('sha256', Buffer.from(signed), createPrivateKey(by.privateKey));
  return `${signed}.${signature.toString('base64url')}`;
}

const ask = (form: Readonly<Record<string, string>>) =>
  fetch(endpoint, {
    method: 'POST',
    body: new URLSearchParams({ grant_type: 'client_credentials', ...form }),
  });
const prove = (text: string, form: Readonly<Record<string, string>> = {}) =>
  ask({ client_assertion_type: assertionType, client_assertion: text, ...form });

async function granted(answer: Response): Promise<{ access_token: string; scope: string }> {
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as { access_token: string; scope: string };
}

async function refused(answer: Response, error: string): Promise<void> {
  assert.equal(answer.status, 400);
  assert.equal(answer.headers.get('www-authenticate'), null);
  assert.equal(((await answer.json()) as { error: string }).error, error);
}

const der = new X509Certificate(certificate.pem).raw;
const sha1 = createHash('sha1').update(der);
const thumbprint = sha1.copy().digest('hex').toUpperCase();
const hour = () => Math.floor(server.now() / 1000) + 3600;

describe('a token is granted to a client that signs as', () => {
  const scope = 'elements.license.read.all';
  const clients: Readonly<Record<string, () => Promise<Response>>> = {
    "the Elements pages' C# sample: for an hour, with no client id and no scope": () =>
      prove(assertion({ exp: hour() }, { header: { kid: thumbprint } })),
    'the elements-samples C#: for five minutes, with no client id': () =>
      prove(assertion({}, { header: { kid: thumbprint } }), { scope }),
    "the AOS pages' C# sample: with kid and x5t, for an hour": () =>
      prove(
        assertion({ exp: hour() }, { header: { kid: thumbprint, x5t: sha1.copy().digest('base64url') } }),
        { scope },
      ),
    'the elements-samples PowerShell: JSON with line breaks, and the client id in the form': () =>
      prove(assertion({ exp: hour(), iat: hour() - 3600 }, { header: { kid: thumbprint }, indent: 4 }), {
        client_id: clientId,
        scope,
      }),
    'the TychoLoke PowerShell module: with x5t and the client id in the form': () =>
      prove(assertion({}, { header: { x5t: sha1.copy().digest('base64url') } }), {
        client_id: clientId,
        scope,
      }),
    'a client of RFC 7523bis: addressed to the issuer': () => prove(assertion({ aud: server.url })),
    'a client that names the certificate in no way': () => prove(assertion()),
    'a client that writes its id in upper case': () =>
      prove(assertion({ iss: clientId.toUpperCase(), sub: clientId.toUpperCase() })),
  };
  for (const [who, client] of Object.entries(clients)) {
    test(who, async () => {
      const token = await granted(await client());
      const all = 'elements.license.read.all seatledger.read';
      assert.ok([scope, all].includes(token.scope));
      const answer = await fetch(`${server.url}/api/v1/apps`, {
        headers: { authorization: `Bearer ${token.access_token}` },
      });
      assert.equal(answer.status, 403);
    });
  }

  test('nobody in particular, for all that the app holds where no scope is asked for', async () => {
    assert.equal(
      (await granted(await prove(assertion()))).scope,
      'elements.license.read.all seatledger.read',
    );
  });
});

test('an assertion is good for one token, also where it is sent twice at once', async () => {
  const text = assertion();
  const answers = await Promise.all([prove(text), prove(text), prove(text)]);
  assert.equal(answers.filter(({ status }) => status === 200).length, 1);
  assert.equal(answers.filter(({ status }) => status === 400).length, 2);
  await refused(await prove(text), 'invalid_client');
});

test('certificates are changed without a gap: both are good until the old one is removed', async () => {
  const [old, young] = [certificate, makeCertificate({ key: 'RSA 2048', subject: '/CN=young' })];
  const app = await register(old);
  const claims = { iss: app.clientId, sub: app.clientId };
  const path = `/api/v1/apps/${app.clientId}/credentials`;
  assert.equal((await admin('POST', path, { body: { certificate: young.pem } })).status, 201);
  await granted(await prove(assertion(claims, { by: old })));
  await granted(await prove(assertion(claims, { by: young })));
  assert.equal((await admin('DELETE', `${path}/${app.credentials[0]?.id}`)).status, 204);
  await refused(await prove(assertion(claims, { by: old })), 'invalid_client');
  await granted(await prove(assertion(claims, { by: young })));
});

describe('a client that proves in no clear way is invalid_request', () => {
  const basic = `Basic ${Buffer.from(`${clientId}:x`).toString('base64')}`;
  const asked: Readonly<Record<string, () => Promise<Response>>> = {
    'with an assertion and a secret': () => prove(assertion(), { client_secret: 'x', client_id: clientId }),
    'with an assertion and HTTP Basic': () =>
      fetch(endpoint, {
        method: 'POST',
        headers: { authorization: basic },
        body: new URLSearchParams({
          grant_type: 'client_credentials',
          client_assertion_type: assertionType,
          client_assertion: assertion(),
        }),
      }),
    'with an assertion of no type': () => ask({ client_assertion: assertion() }),
    'with an assertion of another type': () =>
      ask({
        client_assertion: assertion(),
        client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:saml2-bearer',
      }),
    'with a type and no assertion': () => ask({ client_assertion_type: assertionType }),
    'with two assertions': () =>
      fetch(endpoint, {
        method: 'POST',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: `grant_type=client_credentials&client_assertion_type=${encodeURIComponent(assertionType)}&client_assertion=${assertion()}&client_assertion=${assertion()}`,
      }),
  };
  for (const [what, client] of Object.entries(asked)) {
    test(what, async () => refused(await client(), 'invalid_request'));
  }
});

test('unknown client, wrong secret, expired certificate and bad assertion answer the same', async () => {
  const expired = makeCertificate({ key: 'RSA 2048', expiresAt: server.now() + 86_400_000 });
  const app = await register(expired);
  const nobody = randomUUID();
  const stranger = makeCertificate({ key: 'RSA 2048' });
  const used = assertion();
  await granted(await prove(used));
  const now = server.now();
  const told = [
    await ask({ client_id: nobody, client_secret: 'wrong' }),
    await ask({ client_id: clientId, client_secret: 'wrong' }),
    await prove(assertion({ iss: nobody, sub: nobody })),
    await prove(assertion({}, { by: stranger })),
    await prove(assertion({ aud: 'https://elsewhere.example.com/connect/token' })),
    await prove(assertion({ exp: hour() + 600 })),
    await prove(used),
    await prove('no.assertion.atall'),
    await prove(assertion(), { client_id: nobody }),
  ];
  server.setNow(now + 2 * 86_400_000);
  told.push(await prove(assertion({ iss: app.clientId, sub: app.clientId }, { by: expired })));
  server.setNow(now);
  const [first, ...others] = await Promise.all(told.map(comparable));
  for (const other of others) assert.deepEqual(other, first);
});

describe('who fails too often', () => {
  const wrong = (client: string) => ask({ client_id: client, client_secret: 'wrong' });

  test('is told to wait for whole seconds, with the right secret too, and nobody else is', async () => {
    const app = await server.createApp({});
    const right = { client_id: app.clientId, client_secret: app.clientSecret };
    let answer = await wrong(app.clientId);
    for (let tries = 1; answer.status === 400; tries++) {
      assert.ok(tries <= 20, 'twenty failures a minute are taken');
      answer = await wrong(app.clientId);
    }
    assert.equal(answer.status, 429);
    assert.match(answer.headers.get('retry-after') ?? '', /^[1-9]\d*$/);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    const { error } = (await answer.json()) as { error: string };
    assert.equal(error, 'temporarily_unavailable');
    assert.equal((await ask(right)).status, 429);
    const other = await server.createApp({});
    await granted(await ask({ client_id: other.clientId, client_secret: other.clientSecret }));
  });

  test('cannot go on under other client ids for ever', async () => {
    let status = 400;
    for (let tries = 0; status === 400; tries++) {
      assert.ok(tries <= 100, 'a hundred failures a minute are taken');
      ({ status } = await wrong(randomUUID()));
    }
    assert.equal(status, 429);
  });
});

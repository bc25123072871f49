/** What can be changed of an app registration, and the credentials that it holds at the same time. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { AppRegistration, CreatedAppRegistration, CreatedCredential } from '@seatledger/contract';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { makeCertificate, opensslSays } from '../../testing/certificates.ts';
import { lastEvent, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\nfabrikam,2048,30\n');
const admin = await sendAs(server, server.admin);
const { groupId } = (await (await admin('POST', '/api/v1/groups', { body: { name: 'Retail' } })).json()) as {
  groupId: number;
};
const certificate = makeCertificate({ key: 'RSA 2048', subject: '/O=Contoso/CN=billing' });

const pathOf = ({ clientId }: { clientId: string }) => `/api/v1/apps/${clientId}`;
async function register(body: object = {}): Promise<CreatedAppRegistration> {
  const answer = await admin('POST', '/api/v1/apps', {
    body: { name: 'app', permissions: ['elements.license.read.all'], ...body },
  });
  const text = await answer.text();
  assert.equal(answer.status, 201, text);
  return JSON.parse(text) as CreatedAppRegistration;
}
const change = (app: { clientId: string }, body: object, version = '*') =>
  admin('PATCH', pathOf(app), { body, headers: { 'if-match': version } });
async function eventsAfter(sequence: number): Promise<{ kind: string; subject: string }[]> {
  const answer = await admin('GET', `/api/v1/events?after=${sequence}`);
  return ((await answer.json()) as { data: { kind: string; subject: string }[] }).data;
}

describe('an app registration', () => {
  test('is shown in its version, whatever the case of its id', async () => {
    const { clientSecret, ...app } = await register();
    assert.ok(clientSecret);
    const { body } = await shown<AppRegistration>(await admin('GET', pathOf(app)));
    assert.deepEqual(body, app);
    const { body: same } = await shown(
      await admin('GET', pathOf(app).toUpperCase().replace('/API/V1/APPS', '/api/v1/apps')),
    );
    assert.deepEqual(same, app);
    await assertProblem(await admin('GET', '/api/v1/apps/nobody'), 404, 'app_not_found');
  });

  const changes: Readonly<Record<string, readonly [change: object, shows: object, kind: string]>> = {
    'its name': [{ name: 'renamed' }, { name: 'renamed' }, 'app.changed'],
    'its permissions': [
      { permissions: ['seatledger.read', 'seatledger.write'] },
      { permissions: ['seatledger.read', 'seatledger.write'] },
      'app.changed',
    ],
    'its scope to named customers': [
      { customers: ['Fabrikam', 'contoso', 'CONTOSO'] },
      { customers: ['contoso', 'fabrikam'], groups: null },
      'app.changed',
    ],
    'its scope to groups': [{ groups: [groupId] }, { customers: null, groups: [groupId] }, 'app.changed'],
    'its revision': [{ revision: '2025-10-11' }, { revision: '2025-10-11' }, 'app.changed'],
    'that it is disabled': [{ disabled: true }, { disabled: true }, 'app.disabled'],
    'everything at once': [
      { name: 'all', permissions: ['seatledger.read'], customers: ['contoso'], revision: '2025-10-11' },
      { name: 'all', permissions: ['seatledger.read'], customers: ['contoso'], revision: '2025-10-11' },
      'app.changed',
    ],
  };
  for (const [what, [asked, shows, kind]] of Object.entries(changes)) {
    test(`changes ${what} and nothing else, on record as ${kind}`, async () => {
      const { clientSecret: _, ...app } = await register();
      const before = await lastEvent(admin);
      const changed = await shown<AppRegistration>(await change(app, asked, `"${app.changedSequence}"`));
      assert.deepEqual(changed.body, { ...app, ...shows, changedSequence: before + 1 });
      assert.deepEqual((await shown(await admin('GET', pathOf(app)))).body, changed.body);
      const events = await eventsAfter(before);
      assert.deepEqual(
        events.map((event) => [event.kind, event.subject]),
        [[kind, app.clientId]],
      );
    });
  }

  test('that is changed to what it is stays in its version', async () => {
    const app = await register();
    const before = await lastEvent(admin);
    const same = { name: app.name, permissions: app.permissions, customers: 'all', disabled: false };
    assert.equal(
      (await shown<AppRegistration>(await change(app, same))).body.changedSequence,
      app.changedSequence,
    );
    assert.equal(await lastEvent(admin), before);
  });

  test('is not changed where the version is another, or none is named', async () => {
    const app = await register();
    await shown(await change(app, { name: 'first' }, `"${app.changedSequence}"`));
    const late = await change(app, { name: 'second' }, `"${app.changedSequence}"`);
    await assertProblem(late, 412, 'version_changed');
    await assertProblem(await admin('PATCH', pathOf(app), { body: { name: 'x' } }), 428, 'version_required');
    assert.equal((await shown<AppRegistration>(await admin('GET', pathOf(app)))).body.name, 'first');
  });

  const refused: Readonly<Record<string, readonly [change: object, errors: readonly string[]]>> = {
    'to nothing': [{}, ['body value_invalid']],
    'to no name': [{ name: '' }, ['name value_invalid']],
    'to no permission': [{ permissions: [] }, ['permissions value_invalid']],
    'to customers and groups': [{ customers: 'all', groups: [groupId] }, ['groups scope_ambiguous']],
    'to a customer that there is not': [{ customers: ['nobody'] }, ['customers customer_not_found']],
    'to a group that there is not': [{ groups: [groupId, 999_999] }, ['groups group_not_found']],
    'to no groups': [{ groups: [] }, ['groups value_invalid']],
    'to disabled as a text': [{ disabled: 'yes' }, ['disabled value_invalid']],
    'in its secrets': [{ credentials: [] }, ['credentials field_unknown']],
    'in its id': [{ clientId: 'x' }, ['clientId field_unknown']],
  };
  for (const [what, [asked, errors]] of Object.entries(refused)) {
    test(`cannot be changed ${what}`, async () => {
      const { clientSecret: _, ...app } = await register();
      const problem = await assertProblem(await change(app, asked), 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), errors);
      assert.deepEqual((await shown(await admin('GET', pathOf(app)))).body, app);
    });
  }

  test('tells when and from where it was last used, by credential', async () => {
    const app = await register();
    assert.equal(app.lastUsedAt, null);
    const before = server.now();
    assert.ok(app.clientSecret);
    await server.token({ clientId: app.clientId, clientSecret: app.clientSecret });
    // Nobody waits for the note.
    for (;;) {
      const { body } = await shown<AppRegistration>(await admin('GET', pathOf(app)));
      if (body.lastUsedAt === null) continue;
      assert.ok(Date.parse(body.lastUsedAt) >= before);
      assert.equal(body.lastUsedFrom, '127.0.0.1');
      assert.equal(body.credentials[0]?.lastUsedAt, body.lastUsedAt);
      assert.equal(body.changedSequence, app.changedSequence);
      break;
    }
  });
});

describe('a credential', () => {
  const add = (app: { clientId: string }, body: object) =>
    admin('POST', `${pathOf(app)}/credentials`, { body });
  async function added(app: { clientId: string }, body: object): Promise<CreatedCredential> {
    const answer = await add(app, body);
    const text = await answer.text();
    assert.equal(answer.status, 201, text);
    assert.equal(answer.headers.get('cache-control'), 'no-store');
    return JSON.parse(text) as CreatedCredential;
  }

  test('that is a secret is added beside the others, and each is removed by itself', async () => {
    const app = await register();
    const { credential, clientSecret } = await added(app, { secretYears: 2 });
    assert.ok(app.clientSecret && clientSecret && credential.kind === 'secret');
    assert.equal(credential.lastFour, clientSecret.slice(-4));
    const years = Date.parse(credential.expiresAt) - Date.parse(credential.createdAt);
    assert.equal(Math.round(years / 86_400_000 / 365), 2);
    for (const secret of [app.clientSecret, clientSecret])
      await server.token({ clientId: app.clientId, clientSecret: secret });
    const before = await lastEvent(admin);
    const removed = await admin('DELETE', `${pathOf(app)}/credentials/${credential.id.toUpperCase()}`);
    assert.equal(removed.status, 204);
    await assert.rejects(server.token({ clientId: app.clientId, clientSecret }), /invalid_client/);
    await server.token({ clientId: app.clientId, clientSecret: app.clientSecret });
    assert.deepEqual(
      (await eventsAfter(before)).map(({ kind }) => kind),
      ['app.credential_removed'],
    );
  });

  test('that is a certificate is shown by what openssl prints of it', async () => {
    const app = await register({ certificates: [certificate.pem] });
    assert.equal(app.clientSecret, null);
    const [shows] = app.credentials;
    assert.ok(shows?.kind === 'certificate');
    const printed = (options: string) =>
      opensslSays(certificate.pem, ...options.split(' '))
        .trim()
        .split('=')[1]
        ?.replaceAll(':', '');
    assert.equal(shows.thumbprint, printed('-fingerprint -sha1'));
    assert.equal(shows.thumbprintSha256, printed('-fingerprint -sha256'));
    assert.equal(shows.subject, 'O=Contoso, CN=billing');
    assert.equal(shows.startsAt, '2020-01-01T00:00:00.000Z');
    assert.equal(shows.expiresAt, '2040-01-01T00:00:00.000Z');
  });

  const refused: Readonly<Record<string, readonly [credential: object, errors: readonly string[]]>> = {
    'neither a secret nor a certificate': [{}, ['body value_invalid']],
    'both at once': [{ secretYears: 1, certificate: certificate.pem }, ['body value_invalid']],
    'a secret of four years': [{ secretYears: 4 }, ['secretYears value_invalid']],
    'no certificate': [{ certificate: 'hello' }, ['certificate certificate_invalid']],
    'a private key': [{ certificate: certificate.privateKey }, ['certificate certificate_invalid']],
    'a certificate of a weak key': [
      { certificate: makeCertificate({ key: 'RSA 1024' }).pem },
      ['certificate certificate_key_invalid'],
    ],
    'a certificate that may not sign': [
      { certificate: makeCertificate({ keyUsage: 'keyEncipherment' }).pem },
      ['certificate certificate_usage_invalid'],
    ],
    'a certificate that is over': [
      { certificate: makeCertificate({ expiresAt: Date.UTC(2021, 0, 1) }).pem },
      ['certificate certificate_expired'],
    ],
    'a certificate that it has': [{ certificate: certificate.pem }, ['certificate certificate_twice']],
    'more than 16,384 characters': [{ certificate: 'a'.repeat(16_385) }, ['certificate value_too_long']],
  };
  for (const [what, [asked, errors]] of Object.entries(refused)) {
    test(`cannot be ${what}`, async () => {
      const { clientSecret: _, ...app } = await register({ certificates: [certificate.pem] });
      assert.deepEqual(errorsOf(await assertProblem(await add(app, asked), 400, 'body_invalid')), errors);
      assert.deepEqual((await shown(await admin('GET', pathOf(app)))).body, app);
    });
  }

  test('is one of twenty at the most', async () => {
    const app = await register();
    for (let count = 1; count < 20; count++) await added(app, { secretYears: 1 });
    await assertProblem(await add(app, { secretYears: 1 }), 409, 'credential_limit_reached');
  });

  test('of no app, or that there is not, is not found', async () => {
    const app = await register();
    await assertProblem(await add({ clientId: 'nobody' }, { secretYears: 1 }), 404, 'app_not_found');
    const other = await register();
    for (const id of ['nothing', other.credentials[0]?.id])
      await assertProblem(
        await admin('DELETE', `${pathOf(app)}/credentials/${id}`),
        404,
        'credential_not_found',
      );
  });

  test('is made once for an idempotency key, and its secret is not shown again', async () => {
    const app = await register();
    const headers = { 'idempotency-key': 'once' };
    const send = () => admin('POST', `${pathOf(app)}/credentials`, { body: { secretYears: 1 }, headers });
    assert.equal((await send()).status, 201);
    await assertProblem(await send(), 409, 'idempotent_answer_not_kept');
    assert.equal((await shown<AppRegistration>(await admin('GET', pathOf(app)))).body.credentials.length, 2);
    const certified = { body: { certificate: certificate.pem }, headers: { 'idempotency-key': 'twice' } };
    const path = `${pathOf(app)}/credentials`;
    const [first, again] = [await admin('POST', path, certified), await admin('POST', path, certified)];
    assert.deepEqual(await again.json(), await first.json());
  });
});

/** What is secret is sent everywhere that something can be sent, and looked for everywhere that something can be read. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { once } from 'node:events';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { makeCertificate } from '../packages/server/src/testing/certificates.ts';
import { type Outcome, seatledger, startCommand, temporaryFolder } from './product.ts';

/** Of the form of each secret, and found in whatever text they get into. */
const mark = 'MARKEDdontprint';
const secret = `sls_${mark}0123456789abcdef`;
const token = `eyJhbGciOiJSUzI1NiJ9.${mark}.${mark}`;
const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

const folder = await temporaryFolder();
const data = join(folder.path, 'data');
/** Everything that anybody could read, by where it was read. */
const read = new Map<string, string>();
/** Real secrets that were made on the way. */
const made: string[] = [];
let outcome: Outcome;

before(async () => {
  const { privateKey, pem } = makeCertificate({ key: 'RSA 2048' });
  const keyBody = privateKey.split('\n').slice(1, 3).join('');
  made.push(keyBody.slice(0, 40));

  const created = await seatledger([
    'app',
    'create',
    '--json',
    '--data',
    data,
    '--name',
    'admin',
    '--permission',
    'seatledger.admin',
    'seatledger.write',
    'seatledger.read',
    'elements.license.read.all',
  ]);
  assert.equal(created.exitCode, 0, created.stderr);
  const app = JSON.parse(created.stdout) as { clientId: string; clientSecret: string };
  made.push(app.clientSecret);

  const server = startCommand(['serve', '--json', '--port', '0', '--data', data], { LOG_LEVEL: 'debug' });
  const { url } = JSON.parse((await server.printed(/^.*\n/))[0]) as { url: string };
  const granted = (await (
    await fetch(`${url}/connect/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: app.clientId,
        client_secret: app.clientSecret,
      }),
    })
  ).json()) as { access_token: string };
  made.push(granted.access_token, ...granted.access_token.split('.').slice(1));
  const bearer = { authorization: `Bearer ${granted.access_token}` };

  let asked = 0;
  async function ask(path: string, init: RequestInit = {}): Promise<string> {
    const answer = await fetch(url + path, init);
    const text = await answer.text();
    read.set(`answer ${++asked} to ${path.slice(0, 30)}`, JSON.stringify([...answer.headers]) + text);
    return text;
  }
  const form = (body: Record<string, string>) => ({ method: 'POST', body: new URLSearchParams(body) });
  const grant = { grant_type: 'client_credentials' };
  const basic = Buffer.from(`${mark}:${secret}`).toString('base64');
  made.push(basic);

  for (const endpoint of ['/connect/token', '/connect/revocation', '/connect/introspect']) {
    const clients: readonly Record<string, string>[] = [
      { client_id: app.clientId, client_secret: secret },
      { client_id: mark, client_secret: secret },
      { client_assertion_type: assertionType, client_assertion: token },
      { client_id: app.clientId, client_secret: app.clientSecret, scope: 'seatledger.nothing', token },
    ];
    for (const client of clients) await ask(endpoint, form({ ...grant, token, ...client }));
    await ask(endpoint, { ...form({ ...grant, token }), headers: { authorization: `Basic ${basic}` } });
    await ask(`${endpoint}?client_secret=${secret}`, form(grant));
    await ask(endpoint, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: `"${secret}"`,
    });
  }
  const places = ['/api/v1/seats', '/api/v1/apps', '/nowhere', '/openapi.json'];
  for (const path of places) {
    await ask(path, { headers: { authorization: `Bearer ${token}` } });
    await ask(path, { headers: { authorization: `Basic ${basic}` } });
    await ask(path, { headers: { authorization: secret } });
    await ask(`${path}?access_token=${token}`, { headers: bearer });
  }
  const json = { 'content-type': 'application/json' };
  const bodies: readonly object[] = [
    { name: 'x', permissions: ['seatledger.read'], clientSecret: secret },
    { name: 'x', permissions: ['seatledger.read'], certificates: [privateKey] },
    { name: 'x', permissions: ['seatledger.read'], certificates: [pem, privateKey] },
  ];
  for (const body of bodies)
    await ask('/api/v1/apps', {
      method: 'POST',
      headers: { ...bearer, ...json },
      body: JSON.stringify(body),
    });
  const path = `/api/v1/apps/${app.clientId}`;
  await ask(path, { headers: bearer });
  const added = JSON.parse(
    await ask(`${path}/credentials`, {
      method: 'POST',
      headers: { ...bearer, ...json },
      body: '{"secretYears":1}',
    }),
  ) as { clientSecret: string };
  // The one answer that a secret is shown in.
  read.delete(`answer ${asked} to ${`${path}/credentials`.slice(0, 30)}`);
  made.push(added.clientSecret);
  await ask('/api/v1/events', { headers: bearer });

  const backup = await fetch(`${url}/api/v1/backups`, { method: 'POST', headers: bearer });
  readBackup('the backup of the server', Buffer.from(await backup.arrayBuffer()));

  // Over a connection of its own, what the parser refuses.
  const socket = connect({ host: '127.0.0.1', port: Number(new URL(url).port) });
  socket.end(`GET /api/v1/seats HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\nbad header\r\n\r\n`);
  let refused = '';
  socket.on('data', (chunk) => (refused += chunk.toString()));
  await once(socket, 'close');
  read.set('answer of the parser', refused);

  // The command, with its secret where it belongs.
  const environment = {
    SEATLEDGER_SERVER: url,
    SEATLEDGER_CLIENT_ID: app.clientId,
    SEATLEDGER_CLIENT_SECRET: secret,
  };
  const refusedCommand = startCommand(['seats', 'list', '--json'], environment);
  const commands = [refusedCommand, server].map(({ process: { pid } }) => `/proc/${pid}/cmdline`);
  for (const file of commands) read.set(file, readFileSync(file, 'latin1'));
  const { stdout, stderr } = await refusedCommand.ended;
  read.set('the output of a command that was refused', stdout + stderr);

  server.process.kill('SIGTERM');
  outcome = await server.ended;
  read.set('the log', outcome.stderr + outcome.stdout);
  for (const entry of globSync('**/*', { cwd: data, withFileTypes: true })) {
    // Keys are kept where they are, for their owner alone.
    if (!entry.isFile() || entry.parentPath.endsWith('keys')) continue;
    read.set(`the file ${entry.name}`, readFileSync(join(entry.parentPath, entry.name), 'latin1'));
  }
  const examined = await seatledger(['doctor', '--data', data]);
  assert.equal(examined.exitCode, 0, examined.stdout + examined.stderr);
  read.set('what the doctor says', examined.stdout + examined.stderr);
  const exported = await seatledger(['export', join(folder.path, 'export'), '--data', data]);
  assert.equal(exported.exitCode, 0, exported.stderr);
  read.set('the export', readFileSync(join(folder.path, 'export'), 'latin1'));
  const backedUp = await seatledger(['backup', join(folder.path, 'backup'), '--data', data]);
  assert.equal(backedUp.exitCode, 0, backedUp.stderr);
  readBackup('the backup of the folder', readFileSync(join(folder.path, 'backup')));
  for (const file of globSync(join(data, 'keys', '*.json'))) {
    const { privateJwk } = JSON.parse(readFileSync(file, 'utf8')) as { privateJwk: Record<string, string> };
    for (const member of ['d', 'p', 'q'] as const) made.push(String(privateJwk[member]));
  }
});

/** The file, and what is in it. */
function readBackup(name: string, bytes: Buffer): void {
  const rows = zstdDecompressSync(bytes.subarray(bytes.indexOf('\n') + 1, -73)).toString('latin1');
  assert.match(rows, /"app_credentials"/);
  read.set(name, bytes.toString('latin1'));
  read.set(`the rows of ${name}`, rows);
}
after(() => folder[Symbol.asyncDispose]());

describe('no secret, token, assertion or key is', () => {
  test('printed, logged, answered, recorded, kept, exported or backed up', () => {
    assert.equal(outcome.exitCode, 0);
    assert.ok(read.size > 40, 'as many places were looked at');
    for (const [where, text] of read) {
      assert.equal(text.includes(mark), false, `what was sent is in ${where}`);
      for (const one of made) assert.equal(text.includes(one), false, `what was made is in ${where}`);
    }
  });

  test('named by a command line that the documentation shows', () => {
    for (const file of ['README.md', 'docs/operating.md']) {
      const text = readFileSync(new URL(`../${file}`, import.meta.url), 'utf8');
      assert.doesNotMatch(text, /--client-secret[ =](?!file)|postgres:\/\/[^\s@/]+:[^\s@/]+@/);
    }
  });
});

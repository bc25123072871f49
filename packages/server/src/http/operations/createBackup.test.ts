import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { request, type IncomingMessage } from 'node:http';
import { after, before, describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { zstdDecompressSync } from 'node:zlib';
import { backupMediaType, checkBackup, type RecordHead, type WholeBackup } from '@seatledger/contract';
import { assertProblem } from '../../testing/answers.ts';
import { sendAs } from '../../testing/send.ts';
import { startTestServer, type TestApp, type TestServer } from '../../testing/server.ts';

const path = '/api/v1/backups';
/** More than what a connection takes in before anybody reads. */
const customers = 40_000;

let server: TestServer;
before(async () => {
  server = await startTestServer();
  await server.importCsv(csvOf(customers));
  await server.importCsv('customerId,productType,seats\nmarked,2048,5\n', server.otherAdmin);
});
after(() => server.stop());

/** What differs in every line is not compressed to nothing. */
function csvOf(lines: number): string {
  const line = (index: number) => {
    const name = createHash('sha512').update(String(index)).digest('base64url');
    return `customer-${index},2048,${index},${name}${name}\n`;
  };
  return `customerId,productType,seats,organization\n${Array.from({ length: lines }, (_, index) => line(index)).join('')}`;
}

function checked(bytes: Uint8Array): WholeBackup {
  const check = checkBackup(createHash('sha256'));
  check.take(bytes);
  const found = check.end();
  assert.ok('header' in found, 'damage' in found ? found.damage : '');
  return found;
}

function rowsIn(bytes: Buffer): string {
  const { rowsFrom, rowsTo } = checked(bytes);
  return zstdDecompressSync(bytes.subarray(rowsFrom, rowsTo)).toString();
}

async function backedUp(as: TestApp): Promise<Buffer> {
  const answer = await server.request(path, { method: 'POST', as });
  assert.equal(answer.status, 200);
  return Buffer.from(await answer.arrayBuffer());
}

/** An answer of which nothing is read yet. */
async function begun(as: TestApp, of = server): Promise<IncomingMessage> {
  const headers = { authorization: `Bearer ${await of.token(as)}` };
  const sent = request(`${of.url}${path}`, { method: 'POST', agent: false, headers }).end();
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}

/** Waits until nothing of a backup is left; fails where something is after 10 s. */
async function nothingLeft(): Promise<void> {
  const endsAtMs = performance.now() + 10_000;
  for (;;) {
    const files = readdirSync(server.place.stagingFolder());
    if (files.length === 0) return;
    assert.ok(performance.now() < endsAtMs, `${files.join()} is left`);
    await pause(20);
  }
}

describe('a backup over HTTP', () => {
  test('is a file of the partner at one moment, with the head of its record', async () => {
    const answer = await server.request(path, { method: 'POST', as: server.admin });
    assert.equal(answer.headers.get('content-type'), backupMediaType);
    assert.match(answer.headers.get('content-disposition') ?? '', /^attachment; filename="[^"]+\.backup"$/);
    const bytes = Buffer.from(await answer.arrayBuffer());
    const head = (await (
      await server.request('/api/v1/events/head', { as: server.admin })
    ).json()) as RecordHead;
    const { header } = checked(bytes);
    assert.deepEqual(header.heads, [{ partner: 'one', sequence: head.sequence, hash: head.hash }]);
    assert.equal(header.scope, 'partner');
    assert.match(rowsIn(bytes), new RegExp(`\\[\\d+,"customer-${customers - 1}",`));
    await nothingLeft();
  });

  test('has nothing of another partner', async () => {
    assert.doesNotMatch(rowsIn(await backedUp(server.admin)), /marked/);
    const other = rowsIn(await backedUp(server.otherAdmin));
    assert.match(other, /marked/);
    assert.doesNotMatch(other, /customer-\d/);
    assert.ok(!other.includes(server.admin.clientId));
  });

  test('is for apps alone that administer everything of the partner', async () => {
    const reader = await server.createApp({ permissions: ['seatledger.read', 'seatledger.write'] });
    const refused = await server.request(path, { method: 'POST', as: reader });
    await assertProblem(refused, 403, 'permission_missing');
    const scoped = await server.createApp({
      permissions: ['seatledger.admin', 'seatledger.read', 'seatledger.write'],
      customers: ['customer-1'],
    });
    const limited = await server.request(path, { method: 'POST', as: scoped });
    await assertProblem(limited, 403, 'customer_scope_insufficient');
    const open = await server.request(path, { method: 'POST' });
    await assertProblem(open, 401, 'token_missing');
  });

  test('is one at a time of a partner, whose others are told to come later, and other partners are served', async () => {
    const underway = await begun(server.admin);
    const send = await sendAs(server, server.admin);
    const later = await send('POST', path);
    assert.match(later.headers.get('retry-after') ?? '', /^\d+$/);
    await assertProblem(later, 503, 'backups_busy');
    checked(await backedUp(server.otherAdmin));
    const bytes = Buffer.concat(await Array.fromAsync(underway));
    assert.equal(checked(bytes).header.scope, 'partner');
    // Who has all of it may ask for the next at once.
    for (let times = 0; times < 5; times++) checked(await backedUp(server.admin));
    await nothingLeft();
  });

  test('that nobody takes any more leaves nothing, and the next one can be made', async () => {
    const left = await begun(server.admin);
    await once(left, 'readable');
    left.destroy();
    await nothingLeft();
    checked(await backedUp(server.admin));
  });
});

test('a server that stops breaks a backup off where all can see, and leaves nothing of it', async () => {
  const own = await startTestServer();
  await own.importCsv(csvOf(customers));
  const answer = await begun(own.admin, own);
  await once(answer, 'readable');
  await own.stop();
  await assert.rejects(Array.fromAsync(answer), { code: 'ECONNRESET' });
  assert.equal(answer.complete, false);
});

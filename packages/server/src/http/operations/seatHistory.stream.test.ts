/** The difference of a whole estate is a stream: it begins at once, waits for its reader, and stops where nobody reads. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get as request, type IncomingMessage } from 'node:http';
import { after, describe, test } from 'node:test';
import type { RecordHead, SeatDifference } from '@seatledger/contract';
import { assertProblem } from '../../testing/answers.ts';
import { sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

/** More than what a connection takes in before anybody reads, so that the server has to wait with the rest. */
const customers = 12_000;

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const token = await server.token(server.admin);
const { sequence: beforeAll } = (await (await send('GET', '/api/v1/events/head')).json()) as RecordHead;
const rows = Array.from(
  { length: customers },
  (_, index) => `customer-${String(index).padStart(5, '0')},2048,1`,
);
const organization =
  'An organization with a name that is long enough to fill the buffers on the way. '.repeat(3);
await server.importCsv(
  `customerId,productType,seats,organization\n${rows.map((row) => `${row},${organization}`).join('\n')}\n`,
);
const path = `/api/v1/seats/diff?fromSequence=${beforeAll}`;

/** An answer of which nothing is read yet. */
async function begun(): Promise<IncomingMessage> {
  const sent = request(`${server.url}${path}`, {
    agent: false,
    headers: { authorization: `Bearer ${token}` },
  });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  assert.equal(answer.statusCode, 200);
  return answer;
}
async function firstLine(answer: IncomingMessage): Promise<SeatDifference> {
  let text = '';
  while (!text.includes('\n')) {
    await once(answer, 'readable');
    text += answer.read() ?? '';
  }
  return JSON.parse(text.slice(0, text.indexOf('\n'))) as SeatDifference;
}
const isWell = async () => (await send('GET', '/api/v1/customers/customer-00000/seats/2048')).status === 200;

describe('the difference of a large estate', () => {
  test('is whole for who reads it to the end, each customer once and in order', async () => {
    const answer = await send('GET', path);
    const ids = (await answer.text())
      .split('\n')
      .slice(0, -1)
      .map((line) => (JSON.parse(line) as SeatDifference).customerId);
    assert.deepEqual(
      ids,
      rows.map((row) => row.split(',')[0]),
    );
  });

  test('begins before its end is known, and breaks off visibly where the end cannot be known', async () => {
    const answer = await begun();
    try {
      assert.equal((await firstLine(answer)).customerId, 'customer-00000');
      await server.place.exec('alter table seat_snapshots rename to out_of_reach');
      await assert.rejects(Array.fromAsync(answer), { code: 'ECONNRESET' });
    } finally {
      await server.place.exec('alter table out_of_reach rename to seat_snapshots');
    }
    assert.ok(await isWell());
  });

  test('is a problem and no stream where not even its beginning can be known', async () => {
    await server.place.exec('alter table seat_snapshots rename to out_of_reach');
    try {
      await assertProblem(await send('GET', path), 500, 'internal_error');
    } finally {
      await server.place.exec('alter table out_of_reach rename to seat_snapshots');
    }
    assert.ok(await isWell());
  });

  test('can be left in the middle by many, and the server is well', async () => {
    const answers = await Promise.all(Array.from({ length: 10 }, begun));
    await Promise.all(answers.map(firstLine));
    for (const answer of answers) answer.destroy();
    assert.ok(await isWell());
  });

  test('waits for who reads slowly while others are answered', async () => {
    const answer = await begun();
    await firstLine(answer);
    for (let index = 0; index < 50; index++) assert.ok(await isWell());
    let bytes = 0;
    for await (const chunk of answer) bytes += (chunk as Buffer).length;
    assert.ok(bytes > customers * organization.length);
    assert.equal(answer.complete, true);
  });

  test('is not computed for who asks with HEAD', async () => {
    const head = await send('HEAD', path);
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-type'), 'application/x-ndjson');
    assert.equal(await head.text(), '');
  });
});

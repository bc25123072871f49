/** Every row in one answer: of one moment, in the form that is asked for, compressed where that is asked for, and never in halves. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { get as request, type IncomingMessage } from 'node:http';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { brotliDecompress, gunzip, zstdDecompress } from 'node:zlib';
import {
  type EventsPage,
  type ProductSeats,
  seatsColumns,
  type SeatsLine,
  type SeatsPage,
} from '@seatledger/contract';
import { parse } from 'csv-parse/sync';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { sendAs } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

/** More than what a connection takes in before anybody reads, so that the server has to wait with the rest. */
const customers = 12_000;

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const token = await server.token(server.admin);
const organization = `=Organization "of" ${'a name that is long enough to fill the buffers on the way. '.repeat(4)}`;
const quoted = `"${organization.replaceAll('"', '""')}"`;
const idOf = (index: number) => `customer-${String(index).padStart(5, '0')}`;
await server.importCsv(
  `customerId,productType,seats,organization\n${Array.from({ length: customers }, (_, index) => `${idOf(index)},2048,${index},${quoted}`).join('\n')}\n`,
);
const path = '/api/v1/seats';

/** An answer of which nothing is read yet. */
async function begun(headers: Readonly<Record<string, string>>, query = ''): Promise<IncomingMessage> {
  const sent = request(`${server.url}${path}${query}`, {
    agent: false,
    headers: { authorization: `Bearer ${token}`, ...headers },
  });
  const [answer] = (await once(sent, 'response')) as [IncomingMessage];
  return answer;
}
async function bytesOf(answer: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = await Array.fromAsync(answer);
  assert.equal(answer.complete, true);
  return Buffer.concat(chunks);
}
const linesIn = (text: string) =>
  text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line) as SeatsLine);
async function lines(query = '', by = send): Promise<readonly SeatsLine[]> {
  const answer = await by('GET', `${path}${query}`, { headers: { accept: 'application/x-ndjson' } });
  assert.equal(answer.status, 200);
  assert.equal(answer.headers.get('content-type'), 'application/x-ndjson');
  return linesIn(await answer.text());
}
async function pages(query = ''): Promise<readonly ProductSeats[]> {
  const rows: ProductSeats[] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const next: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const answer = await send('GET', `${path}?limit=1000${query}${next}`);
    const { data, nextCursor } = (await answer.json()) as SeatsPage;
    rows.push(...data);
    cursor = nextCursor;
  }
  return rows;
}
const isWell = async () => (await send('GET', `/api/v1/customers/${idOf(0)}/seats/2048`)).status === 200;
const outOfReach = async (work: () => Promise<unknown>) => {
  await server.place.exec('alter table holdings rename to out_of_reach');
  try {
    await work();
  } finally {
    await server.place.exec('alter table out_of_reach rename to holdings');
  }
};

describe('the stream of the seats', () => {
  test('has as lines every row of the pages, each with its moment', async () => {
    const rows = await pages();
    assert.equal(rows.length, customers);
    const streamed = await lines();
    const [{ asOf, asOfSequence } = { asOf: '', asOfSequence: 0 }] = streamed;
    assert.deepEqual(
      streamed,
      rows.map((row) => ({ ...row, asOf, asOfSequence })),
    );
    const head = (await (await send('GET', '/api/v1/events/head')).json()) as { sequence: number };
    assert.equal(asOfSequence, head.sequence);
  });

  test('has as CSV the same rows, under their names and harmless to spreadsheets', async () => {
    const answer = await send('GET', path, { headers: { accept: 'text/csv' } });
    assert.equal(answer.headers.get('content-type'), 'text/csv; charset=utf-8');
    const text = await answer.text();
    const [header, ...rows]: string[][] = parse(text, { record_delimiter: '\r\n' });
    assert.deepEqual(header, [...seatsColumns]);
    assert.equal(rows.length, customers);
    const [first] = await lines(`?customerId=${idOf(7)}`);
    assert.ok(first);
    const expected = { ...first, organization: `'${organization}`, source: 'import' };
    const row = rows[7]?.slice(0, -2);
    assert.deepEqual(
      row,
      seatsColumns.slice(0, -2).map((name) => String(expected[name])),
    );
  });

  test('is filtered as pages are, and shows an app its own customers', async () => {
    const filter = '&availableBelow=5';
    assert.deepEqual(
      (await lines(`?${filter}`)).map(({ customerId }) => customerId),
      (await pages(filter)).map(({ customerId }) => customerId),
    );
    const app = await server.createApp({ permissions: ['seatledger.read'], customers: [idOf(3), idOf(5)] });
    const seen = await lines('', await sendAs(server, app));
    assert.deepEqual(
      seen.map(({ customerId }) => customerId),
      [idOf(3), idOf(5)],
    );
    assert.deepEqual(await lines('?productType=40'), []);
  });

  test('is of one moment, whatever is changed while it is read', async () => {
    const before = await lines();
    const answer = await begun({ accept: 'application/x-ndjson' });
    await server.importCsv(
      `customerId,productType,seats\n${idOf(11_999)},2048,1\nzz-new,2048,1\ncustomer-00000-new,2048,1\n`,
    );
    const { data: events } = (await (
      await send('GET', `/api/v1/events?after=${(before[0]?.asOfSequence ?? 0) + 1}`)
    ).json()) as EventsPage;
    assert.ok(events.length > 0);
    const read = linesIn((await bytesOf(answer)).toString('utf8'));
    const rows = (some: readonly SeatsLine[]) => some.map((row) => ({ ...row, asOf: '' }));
    assert.deepEqual(rows(read), rows(before));
  });

  for (const [coding, decode] of [
    ['gzip', promisify(gunzip)],
    ['br', promisify(brotliDecompress)],
    ['zstd', promisify(zstdDecompress)],
  ] as const) {
    test(`comes as ${coding} to who asks for it, and is the same`, async () => {
      for (const [accept, query] of [
        ['application/x-ndjson', '?asOf=2100-01-01'],
        ['text/csv', '?asOf=2100-01-01'],
        ['application/json', '?limit=1000&asOf=2100-01-01'],
      ] as const) {
        const plain = await begun({ accept }, query);
        const compressed = await begun({ accept, 'accept-encoding': coding }, query);
        assert.equal(plain.headers['content-encoding'], undefined);
        assert.equal(compressed.headers['content-encoding'], coding);
        assert.match(compressed.headers.vary ?? '', /\bAccept, Accept-Encoding$/);
        const [all, less] = await Promise.all([bytesOf(plain), bytesOf(compressed)]);
        assert.ok(less.length < all.length / 5);
        assert.deepEqual(await decode(less), all);
        if (accept === 'application/json')
          assert.equal(Number(compressed.headers['content-length']), less.length);
      }
    });
  }

  test('is not compressed where it is small, and a seat answer never', async () => {
    const coding = { 'accept-encoding': 'gzip' };
    const small = await begun(coding, '?limit=1');
    assert.equal(small.headers['content-encoding'], undefined);
    await bytesOf(small);
    const seat = await server.request(
      `/partner/external/v3/general/customers/${idOf(1)}/avpt-products/type/2048/overview`,
      { as: server.admin, headers: coding },
    );
    assert.equal(seat.headers.get('content-encoding'), null);
    assert.equal(seat.headers.get('vary'), 'Authorization, Api-Version');
  });

  for (const [coding, how] of [
    [{}, 'as it is'],
    [{ 'accept-encoding': 'gzip' }, 'compressed'],
  ] as const) {
    test(`sent ${how}, begins before its end is known, and breaks off visibly where that cannot be known`, async () => {
      const answer = await begun({ accept: 'text/csv', ...coding });
      assert.equal(answer.statusCode, 200);
      await once(answer, 'readable');
      await outOfReach(() => assert.rejects(Array.fromAsync(answer), { code: 'ECONNRESET' }));
      assert.ok(await isWell());
    });

    test(`sent ${how}, is a problem and no stream where not even its beginning can be known`, async () => {
      await outOfReach(async () => {
        const answer = await send('GET', path, { headers: { accept: 'text/csv', ...coding } });
        assert.equal(answer.headers.get('content-encoding'), null);
        await assertProblem(answer, 500, 'internal_error');
      });
      assert.ok(await isWell());
    });
  }

  test('can be left in the middle by many, and the server is well', async () => {
    const coding = { accept: 'text/csv', 'accept-encoding': 'zstd' };
    const answers = await Promise.all(Array.from({ length: 10 }, () => begun(coding)));
    await Promise.all(answers.map((answer) => once(answer, 'readable')));
    for (const answer of answers) answer.destroy();
    const pending = Array.from({ length: 5 }, () => begun({}, '?sort=-available').catch(() => undefined));
    for (const answer of await Promise.all(pending)) answer?.destroy();
    assert.ok(await isWell());
  });

  test('is not computed for who asks with HEAD', async () => {
    const head = await send('HEAD', path, { headers: { accept: 'text/csv' } });
    assert.equal(head.status, 200);
    assert.equal(head.headers.get('content-type'), 'text/csv; charset=utf-8');
    assert.equal(await head.text(), '');
  });

  test('has no pages and one order', async () => {
    const headers = { accept: 'application/x-ndjson' };
    for (const [query, field] of [
      ['?limit=10', 'limit'],
      ['?cursor=eHg', 'cursor'],
      ['?sort=available', 'sort'],
    ] as const) {
      const problem = await assertProblem(
        await send('GET', `${path}${query}`, { headers }),
        400,
        'parameter_invalid',
      );
      assert.deepEqual(errorsOf(problem), [`${field} value_invalid`]);
    }
    assert.equal((await lines('?sort=customerId&availableBelow=1')).length, 1);
  });
});

import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';
import { after, afterEach, describe, test } from 'node:test';
import type { ImportReport, SeatsPage } from '@seatledger/contract';
import { assertProblem, comparable, errorsOf, exchange } from '../../testing/answers.ts';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
type Body = NonNullable<RequestInit['body']>;
const header = 'customerId,productType,seats';
let lastCustomer = 0;
/** A customer that no other test knows. */
const newCustomer = () => `customer-${++lastCustomer}`;

function send(
  body: Body,
  { query = '', type = 'text/csv', as = server.admin }: { query?: string; type?: string; as?: TestApp } = {},
): Promise<Response> {
  const headers = { 'content-type': type };
  return server.request(`/api/v1/import${query}`, { as, method: 'POST', headers, body });
}
async function imported(body: Body, options?: Parameters<typeof send>[1]): Promise<ImportReport> {
  const response = await send(body, options);
  const text = await response.text();
  assert.equal(response.status, 200, text);
  return JSON.parse(text) as ImportReport;
}
async function refused(body: Body, options?: Parameters<typeof send>[1]): Promise<readonly string[]> {
  return errorsOf(await assertProblem(await send(body, options), 400, 'import_invalid'));
}
/** Every row there is, with the event that it last changed with. */
async function everything(): Promise<unknown> {
  const response = await server.request('/api/v1/seats?limit=1000', { as: server.admin });
  return ((await response.json()) as SeatsPage).data;
}
async function seatsOf(customerId: string, productType = 2048): Promise<unknown> {
  const path = `/partner/external/v3/general/customers/${customerId}/avpt-products/type/${productType}/overview`;
  const response = await server.request(path, { as: server.admin });
  const { availableUserSeat } = (await response.json()) as { availableUserSeat?: number };
  return availableUserSeat ?? response.status;
}

afterEach(async () => {
  assert.deepEqual(await readdir(server.place.stagingFolder()), [], 'nothing of an import is left');
});

describe('a file of lines', () => {
  test('is imported with what was done, and its seats are answered from then on', async () => {
    const customer = newCustomer();
    const { sequence, ...report } = await imported(`${header}\n${customer},2048,25\n${customer},Opus,3\n`);
    assert.deepEqual(report, {
      dryRun: false,
      lines: 2,
      added: 2,
      changed: 0,
      unchanged: 0,
      ended: 0,
      customersCreated: 1,
      endedLines: [],
    });
    assert.ok(sequence > 0);
    assert.deepEqual([await seatsOf(customer), await seatsOf(customer, 65_536)], [25, 3]);
  });

  const forms: readonly (readonly [what: string, type: string, body: (customer: string) => Body])[] = [
    [
      'with its columns in another order',
      'text/csv',
      (id) => `seats,customerId,productType\n25,${id},2048\n`,
    ],
    [
      'with its columns in other letters',
      'text/csv',
      (id) => `SEATS,customerid,ProductType\n25,${id},2048\n`,
    ],
    ['with a byte order mark', 'text/csv', (id) => `\ufeff${header}\n${id},2048,25\n`],
    ['with lines that end in CRLF', 'text/csv', (id) => `${header}\r\n${id},2048,25\r\n`],
    ['whose last line does not end', 'text/csv', (id) => `${header}\n${id},2048,25`],
    [
      'with everything in quotes',
      'text/csv',
      (id) => `"customerId","productType","seats"\n"${id}","2048","25"\n`,
    ],
    [
      'in CSV that says its charset',
      'TEXT/CSV; charset=utf-8; header=present',
      (id) => `${header}\n${id},2048,25\n`,
    ],
    ['in NDJSON', 'application/x-ndjson', (id) => `{"customerId":"${id}","productType":2048,"seats":25}\n`],
    [
      'in NDJSON with texts',
      'application/x-ndjson',
      (id) => `{"seats":"25","customerId":"${id}","productType":"2048"}`,
    ],
  ];
  for (const [what, type, body] of forms) {
    test(`is taken ${what}`, async () => {
      const customer = newCustomer();
      assert.equal((await imported(body(customer), { type })).added, 1);
      assert.equal(await seatsOf(customer), 25);
    });
  }

  test('is taken in pieces, wherever they are cut', async () => {
    const customer = newCustomer();
    const bytes = new TextEncoder().encode(
      `\ufeff${header},organization\r\n${customer},2048,25,"Bäcker, \u{1F950} & Söhne"\r\n`,
    );
    const pieces = ReadableStream.from([...bytes].map((byte) => Uint8Array.of(byte)));
    const response = await server.request('/api/v1/import', {
      as: server.admin,
      method: 'POST',
      headers: { 'content-type': 'text/csv' },
      body: pieces,
      duplex: 'half',
    });
    assert.equal(response.status, 200);
    const list = await server.request(`/api/v1/seats?customerId=${customer}`, { as: server.admin });
    const { data } = (await list.json()) as SeatsPage;
    assert.equal(data[0]?.organization, 'Bäcker, \u{1F950} & Söhne');
  });

  test('keeps what Unicode calls the end of a line within a name', async () => {
    const customer = newCustomer();
    await imported(`${header},organization\n${customer},2048,25,"A\u2028B\u2029C"\n`);
    const list = await server.request(`/api/v1/seats?customerId=${customer}`, { as: server.admin });
    const { data } = (await list.json()) as SeatsPage;
    assert.equal(data[0]?.organization, 'A\u2028B\u2029C');
  });

  test('with a header and no lines changes nothing', async () => {
    const before = await everything();
    const { lines, added, ended } = await imported(`${header}\n`, { query: '?replace=true' });
    assert.deepEqual([lines, added, ended], [0, 0, 0]);
    assert.deepEqual(await everything(), before);
  });

  test('imported twice changes nothing the second time, not even the record', async () => {
    const file = `${header},externalId,startsAt\n${newCustomer()},2048,25,,2026-01-01\n${newCustomer()},2048,1,e-1,\n`;
    const first = await imported(file);
    const before = await everything();
    const { added, changed, unchanged, sequence } = await imported(file);
    assert.deepEqual([added, changed, unchanged, sequence], [0, 0, 2, first.sequence]);
    assert.deepEqual(await everything(), before);
  });
});

describe('a file that cannot be imported', () => {
  const cases: readonly (readonly [what: string, body: Body, errors: readonly string[], type?: string])[] = [
    [
      'is empty',
      '',
      ['1 customerId column_missing', '1 productType column_missing', '1 seats column_missing'],
    ],
    ['lacks a column', 'customerId,seats\na,1\n', ['1 productType column_missing']],
    ['has a column that there is not', `${header},colour\na,2048,1,red\n`, ['1 colour column_unknown']],
    ['has a column twice', `${header},Seats\na,2048,1,1\n`, ['1 seats column_unknown']],
    [
      'is not UTF-8',
      Buffer.from(`${header},organization\na,2048,1,B\xe4cker\n`, 'latin1'),
      ['row row_malformed'],
    ],
    ['is UTF-16', Buffer.from(`\ufeff${header}\na,2048,1\n`, 'utf16le'), ['row row_malformed']],
    [
      'has quoted line breaks, whose rows are named by the line that they begin on',
      `${header},source\n-,2048,1,"a\nb\r\nc"\n\nb,2048,-1,\n`,
      ['2 customerId customer_id_invalid', '2 source value_invalid', '6 seats seats_invalid'],
    ],
    ['has a row that is too long', `${header}\na,2048,1${' '.repeat(70_000)}\n`, ['2 row row_malformed']],
    ['names a line twice', `${header}\na,2048,1\nb,2048,1\na,2048,1\n`, ['4 customerId line_twice']],
    ['is no NDJSON', `${header}\n`, ['1 row row_malformed'], 'application/x-ndjson'],
    ['is a JSON list', '[{}]', ['1 row row_malformed'], 'application/x-ndjson'],
    [
      'has NDJSON that lacks members',
      '{}',
      ['1 customerId value_required', '1 productType value_required', '1 seats value_required'],
      'application/x-ndjson',
    ],
  ];
  for (const [what, body, errors, type = 'text/csv'] of cases) {
    test(`because it ${what} is 400 import_invalid and changes nothing`, async () => {
      const before = await everything();
      assert.deepEqual(await refused(body, { type }), errors);
      assert.deepEqual(await everything(), before);
    });
  }

  for (const [where, bad] of [
    ['by itself', ',2048,x'],
    ['by what is in the ledger', 'taken-by-other,2048,1'],
  ] as const) {
    test(`for one line, ${where}, is not imported at all`, async () => {
      const [first, last] = [newCustomer(), newCustomer()];
      await imported(`${header},externalId\n${newCustomer()},1,1,taken-${where.length}\n`);
      const before = await everything();
      const rows = [`${first},2048,1,`, `${bad},taken-${where.length}`, `${last},2048,1,`];
      const [error] = await refused(`${header},externalId\n${rows.join('\n')}\n`);
      assert.match(error ?? '', /^3 /);
      assert.deepEqual([await seatsOf(first), await seatsOf(last)], [404, 404]);
      assert.deepEqual(await everything(), before);
    });
  }

  test('has its first hundred bad lines named, each with number, column and reason, and all counted', async () => {
    const rows = Array.from({ length: 1500 }, (_, index) =>
      index % 10 === 0 ? 'a,2048,1' : `b-${index},2048,x`,
    );
    const answer = await send(`${header}\n${rows.join('\n')}\n`);
    const { errors = [], errorCount } = await assertProblem(answer, 400, 'import_invalid');
    assert.equal(errorCount, 1350);
    assert.equal(errors.length, 100);
    const bad = rows.flatMap((row, index) => (row.endsWith('x') ? [index + 2] : []));
    assert.deepEqual(
      errors.map(({ line, field, code }) => [line, field, code]),
      bad.slice(0, 100).map((line) => [line, 'seats', 'seats_invalid']),
    );
    for (const { message } of errors) assert.notEqual(message, '');
  });
});

describe('a dry run', () => {
  test('says what would be done, and does nothing', async () => {
    const [known, unknown] = [newCustomer(), newCustomer()];
    await imported(`${header},source\n${known},2048,25,dry\n${known},1,1,dry\n`);
    const before = await everything();
    const file = `${header},source\n${known},2048,26,dry\n${unknown},2048,1,dry\n`;
    const dry = await imported(file, { query: '?dryRun=true&replace=true' });
    assert.deepEqual(await everything(), before);
    assert.equal(await seatsOf(unknown), 404);

    const { endedLines, sequence, ...told } = dry;
    const counts = { lines: 2, added: 1, changed: 1, unchanged: 0, ended: 1, customersCreated: 1 };
    assert.deepEqual(told, { dryRun: true, ...counts });
    assert.deepEqual(endedLines, [
      {
        customerId: known,
        productType: 1,
        resource: 'DocAveOnline',
        seats: 1,
        source: 'dry',
        externalId: null,
      },
    ]);
    const done = await imported(file, { query: '?replace=true' });
    assert.deepEqual({ ...done, sequence }, { ...dry, dryRun: false });
    // A customer, a line more, one changed and one ended: a dry run leaves no event.
    assert.equal(done.sequence, sequence + 4);
  });

  test('refuses what the import would refuse', async () => {
    assert.deepEqual(await refused(`${header}\na,2048,x\n`, { query: '?dryRun=true' }), [
      '2 seats seats_invalid',
    ]);
  });
});

describe('an import that replaces', () => {
  test('ends the lines of its source that it does not have, and leaves those of others', async () => {
    const [kept, left] = [newCustomer(), newCustomer()];
    await imported(`${header},source\n${kept},2048,5,replaced\n${left},2048,6,replaced\n${left},1,7,other\n`);
    const { ended, unchanged } = await imported(`${header},source\n${kept},2048,5,replaced\n`, {
      query: '?replace=true',
    });
    assert.deepEqual([ended, unchanged], [1, 1]);
    assert.deepEqual([await seatsOf(kept), await seatsOf(left), await seatsOf(left, 1)], [5, 0, 7]);
  });
});

describe('an app that sees named customers', () => {
  test('imports those, and is answered for any other customer as for one that there is not', async () => {
    const [own, hidden] = [newCustomer(), newCustomer()];
    await imported(`${header}\n${own},2048,1\n${hidden},2048,1\n`);
    await imported(`${header}\nforeign,2048,1\n`, { as: server.otherAdmin });
    const as = await server.createApp({ permissions: ['seatledger.write'], customers: [own] });
    assert.equal((await imported(`${header}\n${own},2048,2\n`, { as })).changed, 1);

    const before = await everything();
    const fileOf = (id: string) => `${header}\n${own},2048,3\n${id},2048,3\n${id.toUpperCase()},1,3\n`;
    for (const query of ['', '?dryRun=true&replace=true']) {
      const ofNobody = await send(fileOf('nobody'), { as, query });
      const problem = await assertProblem(ofNobody.clone(), 400, 'import_invalid');
      assert.deepEqual(errorsOf(problem), [
        '3 customerId customer_not_found',
        '4 customerId customer_not_found',
      ]);
      const expected = await comparable(ofNobody);
      for (const id of [hidden, 'foreign']) {
        assert.deepEqual(await comparable(await send(fileOf(id), { as, query })), expected);
      }
    }
    assert.deepEqual(await everything(), before);
  });
});

describe('a query that an import does not know', () => {
  for (const [query, code, errors] of [
    ['?dryrun=true', 'parameter_unknown', ['dryrun field_unknown']],
    ['?source=x&dryRun=true', 'parameter_unknown', ['source field_unknown']],
    ['?dryRun=yes', 'parameter_invalid', ['dryRun value_invalid']],
    ['?dryRun=', 'parameter_invalid', ['dryRun value_invalid']],
    ['?dryRun=1', 'parameter_invalid', ['dryRun value_invalid']],
    ['?replace=true&replace=false', 'parameter_invalid', ['replace value_invalid']],
  ] as const) {
    test(`such as ${query} is 400 ${code}, and nothing is imported`, async () => {
      const before = await everything();
      const answer = await send(`${header}\n${newCustomer()},2048,1\n`, { query });
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, code)), errors);
      assert.deepEqual(await everything(), before);
    });
  }
});

describe('a file that is refused before it is looked at', () => {
  const body = 'x'.repeat(1_000_000);
  for (const [what, query, field] of [
    ['its query', '?dryRun=yes', 'x: y'],
    ['its reason', '', 'change-reason: '],
    ['its content type', '', 'content-type: text/plain'],
  ] as const) {
    test(`for ${what} is read past, so that the next request on the connection is answered`, async () => {
      const authorization = `authorization: Bearer ${await server.token(server.admin)}`;
      const type = field.startsWith('content-type') ? [] : ['content-type: text/csv'];
      const head = [`POST /api/v1/import${query} HTTP/1.1`, 'host: seats', authorization, field, ...type];
      const first = [...head, `content-length: ${body.length}`, '', body].join('\r\n');
      const next = 'GET /openapi.json HTTP/1.1\r\nhost: seats\r\nconnection: close\r\n\r\n';
      const statuses = (await exchange(server.url, first + next)).map(({ status }) => status);
      assert.deepEqual(statuses.slice(1), [200]);
    });
  }
});

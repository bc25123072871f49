import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type Customer, lineDetailNames, type SeatsPage, type SubscriptionLine } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { created, lastEvent, paged, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);
for (const customerId of ['contoso', 'fabrikam', 'hidden'])
  await send('POST', '/api/v1/customers', { body: { customerId } });
await sendOther('POST', '/api/v1/customers', { body: { customerId: 'foreign' } });
const some = await server.createApp({
  permissions: ['seatledger.read', 'seatledger.write'],
  customers: ['contoso'],
});
const sendSome = await sendAs(server, some);

const ofContoso = '/api/v1/customers/contoso/lines';
const minute = 60_000;
const inMinutes = (minutes: number) => new Date(server.now() + minutes * minute).toISOString();
async function add(body: object = {}, path = ofContoso) {
  const answer = await send('POST', path, { body: { productType: 2048, seats: 25, ...body } });
  return created<SubscriptionLine>(send, answer);
}
const change = (path: string, etag: string, body: unknown) =>
  send('PATCH', path, { body, headers: { 'if-match': etag } });
const end = (path: string, etag: string) => send('DELETE', path, { headers: { 'if-match': etag } });

/** A customer of its own, and how many seats of the product it has purchased. */
async function newCustomer() {
  const { customerId } = (await shown<Customer>(await send('POST', '/api/v1/customers', { body: {} }), 201))
    .body;
  return {
    path: `/api/v1/customers/${customerId}/lines`,
    purchased: async () => {
      const answer = await send('GET', `/api/v1/seats?customerId=${customerId}&productType=2048`);
      return ((await answer.json()) as SeatsPage).data[0]?.purchased;
    },
  };
}

describe('a line that is added', () => {
  test('is of the default resource, begins now and does not end where it names nothing else', async () => {
    const before = server.now();
    const { body, path } = await add();
    const { lineId, startsAt, changedSequence, ...line } = body;
    assert.deepEqual(line, {
      customerId: 'contoso',
      productType: 2048,
      product: 'Cloud Backup for Microsoft 365',
      resource: 'Office365Backup',
      counts: 'users',
      seats: 25,
      expiresAt: null,
      active: true,
      source: 'api',
      externalId: null,
      licenceType: 'enterprise',
      poolId: null,
      details: {},
    });
    assert.ok(Date.parse(startsAt) >= before && Date.parse(startsAt) <= server.now());
    assert.deepEqual([lineId, changedSequence], [await lastEvent(send), lineId]);
    assert.equal(path, `${ofContoso}/${lineId}`);
  });

  test('is what was asked for', async () => {
    const asked = {
      productType: 65_536,
      resource: 'OpusStorageOptimization',
      seats: 2_147_483_647,
      source: 'Distributor, \u{1F4B6}',
      externalId: 'sub-1001',
      licenceType: 'trial',
      details: { package: 'Gold', storage: '5 TB' },
    };
    const { body } = await add({ ...asked, startsAt: '2026-01-01', expiresAt: '9999-12-31T23:59:59.999Z' });
    const { lineId: _, changedSequence: __, ...line } = body;
    assert.deepEqual(line, {
      ...asked,
      customerId: 'contoso',
      product: 'Opus',
      counts: 'units',
      startsAt: '2026-01-01T00:00:00.000Z',
      expiresAt: '9999-12-31T23:59:59.999Z',
      active: true,
      poolId: null,
    });
  });

  for (const [what, body, resource] of [
    ['its product', { productType: 40 }, 'PartnerTenantSettingManagement'],
    ['a resource', { productType: undefined, resource: 'Office365PPBackup' }, 'Office365PPBackup'],
    ['one in other letters', { resource: ' office365ppbackup ' }, 'Office365PPBackup'],
    ['a service text', { resource: 'Fly Aviator', productType: undefined }, 'FlyAviator'],
    ['both', { resource: 'Opus - Storage optimization', productType: 65_536 }, 'OpusStorageOptimization'],
  ] as const) {
    test(`is of the resource that ${what} names`, async () => {
      assert.equal((await add(body)).body.resource, resource);
    });
  }

  test('counts in the seats of its customer from its start to its end', async () => {
    const { path, purchased } = await newCustomer();
    await add({ seats: 20, startsAt: inMinutes(10), expiresAt: inMinutes(20) }, path);
    const [line] = await paged<SubscriptionLine>(send, path, 1);
    assert.ok(line?.expiresAt);
    const url = `${path}/${line.lineId}`;
    const now = server.now();
    const starts = Date.parse(line.startsAt) - now;
    const ends = Date.parse(line.expiresAt) - now;
    for (const [ahead, active] of [
      [starts - 1000, false],
      [starts + 1000, true],
      [ends - 1000, true],
      [ends + 1000, false],
    ] as const) {
      server.setNow(now + ahead);
      const seen: SubscriptionLine = (await shown<SubscriptionLine>(await send('GET', url))).body;
      assert.deepEqual([seen.active, await purchased()], [active, active ? 20 : 0]);
    }
    server.setNow(now);
  });

  test('can have no seats', async () => {
    const { path, purchased } = await newCustomer();
    assert.equal((await add({ seats: 0 }, path)).body.seats, 0);
    assert.equal(await purchased(), 0);
  });

  test('has an external id that no other line of the partner has: 409 external_id_taken', async () => {
    await add({ externalId: 'taken' });
    for (const customer of ['contoso', 'hidden']) {
      const body = { productType: 2048, seats: 1, externalId: 'taken' };
      const answer = await send('POST', `/api/v1/customers/${customer}/lines`, { body });
      await assertProblem(answer, 409, 'external_id_taken');
    }
  });

  test('keeps its details, with the end of the contract as an instant', async () => {
    const details = Object.fromEntries(lineDetailNames.map((name) => [name, `the ${name}`]));
    const { body } = await add({ details: { ...details, contractEndDate: '2027-01-01T01:00+01:00' } });
    assert.deepEqual(body.details, { ...details, contractEndDate: '2027-01-01T00:00:00.000Z' });
  });

  test('is the thousand-and-first of no customer and product', async () => {
    const rows = Array.from({ length: 1000 }, (_, index) => `crowded,1,1,row-${index}`);
    await server.importCsv(`customerId,productType,seats,externalId\n${rows.join('\n')}\n`);
    const path = '/api/v1/customers/crowded/lines';
    const answer = await send('POST', path, { body: { productType: 1, seats: 1 } });
    const problem = await assertProblem(answer, 400, 'body_invalid');
    assert.deepEqual(errorsOf(problem), ['productType lines_too_many']);
    await add({ productType: 4 }, path);
  });
});

describe('a line that is changed', () => {
  test('is what the change says, and otherwise as it was', async () => {
    const { body, etag, path } = await add({
      expiresAt: '2030-01-01',
      details: { package: 'Gold', change: 'x' },
    });
    const answer = await change(path, etag, {
      seats: 0,
      startsAt: '2026-01-01',
      expiresAt: null,
      licenceType: 'trial',
      details: { change: null, storage: '5 TB' },
    });
    const changed = await shown<SubscriptionLine>(answer);
    assert.deepEqual(changed.body, {
      ...body,
      seats: 0,
      startsAt: '2026-01-01T00:00:00.000Z',
      expiresAt: null,
      licenceType: 'trial',
      details: { package: 'Gold', storage: '5 TB' },
      changedSequence: await lastEvent(send),
    });
    assert.deepEqual(await shown(await send('GET', path)), changed);
  });

  test('changes the seats of its customer', async () => {
    const { path, purchased } = await newCustomer();
    const line = await add({ seats: 20 }, path);
    await add({ seats: 20 }, path);
    assert.equal(await purchased(), 40);
    await shown(await change(line.path, line.etag, { seats: 5 }));
    assert.equal(await purchased(), 25);
  });

  for (const [what, body] of [
    ['nothing', {}],
    ['what it is', { seats: 25, expiresAt: null, licenceType: 'enterprise', details: { package: 'Gold' } }],
    ['no detail that it had', { details: { storage: null } }],
  ] as const) {
    test(`to ${what} keeps its version, and nothing is recorded`, async () => {
      const { etag, path } = await add({ details: { package: 'Gold' } });
      const before = await lastEvent(send);
      assert.equal((await shown(await change(path, etag, body))).etag, etag);
      assert.equal(await lastEvent(send), before);
    });
  }

  test('by two at once in one version is changed by one of them, and the other is told', async () => {
    for (let round = 0; round < 5; round += 1) {
      const { body, etag, path } = await add();
      const seats = [1, 2];
      const answers = await Promise.all(seats.map((number) => change(path, etag, { seats: number })));
      const winner = answers.findIndex(({ status }) => status === 200);
      assert.deepEqual(new Set(answers.map(({ status }) => status)), new Set([200, 412]));
      const { body: left } = await shown<SubscriptionLine>(await send('GET', path));
      assert.deepEqual(left, { ...body, seats: seats[winner], changedSequence: left.changedSequence });
    }
  });

  test('without a version is 428, with an old one 412, and stays as it is', async () => {
    const { etag, path } = await add();
    const changed = await shown(await change(path, etag, { seats: 1 }));
    await assertProblem(await send('PATCH', path, { body: { seats: 2 } }), 428, 'version_required');
    await assertProblem(await change(path, etag, { seats: 2 }), 412, 'version_changed');
    await assertProblem(await send('DELETE', path), 428, 'version_required');
    await assertProblem(await end(path, etag), 412, 'version_changed');
    assert.deepEqual(await shown(await send('GET', path)), changed);
  });
});

describe('a line that is ended', () => {
  test('ends now, stays, and counts no more', async () => {
    const { path, purchased } = await newCustomer();
    const line = await add({ startsAt: '2026-01-01' }, path);
    const before = server.now();
    const ended = await shown<SubscriptionLine>(await end(line.path, line.etag));
    const { expiresAt, changedSequence } = ended.body;
    assert.deepEqual(ended.body, { ...line.body, expiresAt, active: false, changedSequence });
    assert.ok(Date.parse(expiresAt ?? '') >= before && Date.parse(expiresAt ?? '') <= server.now());
    assert.equal(await purchased(), 0);
    assert.deepEqual(await shown(await send('GET', line.path)), ended);
    assert.deepEqual(await shown(await end(line.path, ended.etag)), ended);
  });

  test('before it began ends at its start, and still can be changed otherwise', async () => {
    const { path, etag } = await add({ startsAt: inMinutes(10) });
    const ended = await shown<SubscriptionLine>(await end(path, etag));
    assert.equal(ended.body.expiresAt, ended.body.startsAt);
    const changed = await shown<SubscriptionLine>(await change(path, ended.etag, { seats: 3 }));
    assert.equal(changed.body.seats, 3);
  });
});

describe('the lines of a customer', () => {
  test('are covered exactly once, by product and line, while lines are added and changed', async () => {
    const { path } = await newCustomer();
    for (const productType of [32, 40, 41, 32, 2048, 1]) await add({ productType }, path);
    const steps = fc.array(
      fc.oneof(
        fc.record({ productType: fc.constantFrom(1, 40, 2048, 1_073_741_824), seats: fc.nat(9) }),
        fc.record({ seats: fc.nat(9) }),
      ),
      { maxLength: 4 },
    );
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), steps, async (limit, changes) => {
        const there = await paged<SubscriptionLine>(send, path, 1000);
        const coming = [...changes];
        const rows = await paged<SubscriptionLine>(send, path, limit, async () => {
          const body = coming.pop();
          if (body === undefined) return;
          if ('productType' in body) await add(body, path);
          else for (const { lineId } of there.slice(0, 2)) await change(`${path}/${lineId}`, '*', body);
        });
        const covered = rows.map(({ lineId }) => lineId);
        assert.equal(new Set(covered).size, covered.length);
        assert.deepEqual(
          rows,
          rows.toSorted((one, other) => one.productType - other.productType || one.lineId - other.lineId),
        );
        assert.deepEqual(
          there.filter(({ lineId }) => !covered.includes(lineId)),
          [],
        );
      }),
      { numRuns: runs(12) },
    );
  });

  for (const [query, code, errors] of [
    ['?limit=1001', 'parameter_invalid', ['limit value_invalid']],
    ['?cursor=*', 'parameter_invalid', ['cursor cursor_invalid']],
    [`?cursor=${btoa('2048')}`, 'parameter_invalid', ['cursor cursor_invalid']],
    [`?cursor=${btoa('2 1')}`, 'parameter_invalid', ['cursor cursor_invalid']],
    [`?cursor=${btoa('2048 1 1')}`, 'parameter_invalid', ['cursor cursor_invalid']],
    ['?productType=2048', 'parameter_unknown', ['productType field_unknown']],
  ] as const) {
    test(`are 400 ${code} for ${query}`, async () => {
      const answer = await send('GET', `${ofContoso}${query}`);
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, code)), errors);
    });
  }
});

describe('a line is not found', () => {
  for (const id of ['0', '-1', '1.0', '01', 'one', '%20', "'", '9'.repeat(16), '9'.repeat(60)]) {
    test(`by the id ${id}`, async () => {
      const url = `${ofContoso}/${id}`;
      for (const answer of [await send('GET', url), await change(url, '*', {}), await end(url, '*')])
        await assertProblem(answer, 404, 'line_not_found');
    });
  }

  test('with another customer than its own', async () => {
    const { body } = await add();
    const url = `/api/v1/customers/fabrikam/lines/${body.lineId}`;
    for (const answer of [await send('GET', url), await change(url, '*', {}), await end(url, '*')])
      await assertProblem(answer, 404, 'line_not_found');
  });
});

describe('an app that sees some customers', () => {
  test('adds, changes and ends the lines of those', async () => {
    const answer = await sendSome('POST', ofContoso, { body: { productType: 1, seats: 1 } });
    const { path, etag } = await created(sendSome, answer);
    const patch = { body: { seats: 2 }, headers: { 'if-match': etag } };
    const changed = await shown<SubscriptionLine>(await sendSome('PATCH', path, patch));
    assert.equal(changed.body.seats, 2);
    const ended = await sendSome('DELETE', path, { headers: { 'if-match': changed.etag } });
    assert.equal((await shown<SubscriptionLine>(ended)).body.active, false);
  });

  test('is told of no other whether it is there: 404 customer_not_found, the same to the byte', async () => {
    const { body } = await add({}, '/api/v1/customers/hidden/lines');
    const before = await lastEvent(send);
    for (const [method, rest, sent] of [
      ['GET', '', undefined],
      ['POST', '', { productType: 1, seats: 1 }],
      ['GET', `/${body.lineId}`, undefined],
      ['PATCH', `/${body.lineId}`, { seats: 1 }],
      ['DELETE', `/${body.lineId}`, undefined],
    ] as const) {
      const about = (customer: string) =>
        sendSome(method, `/api/v1/customers/${customer}/lines${rest}`, {
          body: sent,
          headers: { 'if-match': '*' },
        });
      const hidden = await about('hidden');
      await assertProblem(hidden.clone(), 404, 'customer_not_found');
      const told = await comparable(hidden);
      for (const id of ['nobody', 'foreign', '-']) assert.deepEqual(await comparable(await about(id)), told);
    }
    assert.equal(await lastEvent(send), before);
  });
});

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Customer } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { created, lastEvent, paged, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

async function create(body: object = {}) {
  return created<Customer>(send, await send('POST', '/api/v1/customers', { body }));
}
const change = (path: string, etag: string, body: unknown) =>
  send('PATCH', path, { body, headers: { 'if-match': etag } });

const facts = {
  organization: 'Contoso Ltd, \u{1F4B6} & co',
  ownerEmail: 'owner@contoso.example',
  jobStatus: 3,
  countryOrRegion: "Côte d'Ivoire",
  managementMode: 0,
};
await create({ customerId: 'contoso', ...facts });
await create({ customerId: 'fabrikam' });
await sendOther('POST', '/api/v1/customers', { body: { customerId: 'foreign' } });
const some = await server.createApp({
  permissions: ['seatledger.read', 'seatledger.write'],
  customers: ['fabrikam', 'contoso'],
});
const sendSome = await sendAs(server, some);

describe('a customer that is created', () => {
  test('is what was asked for, under its id in lower case', async () => {
    const { body, path } = await create({ customerId: 'North.Wind-1_X', ...facts });
    const { changedSequence, ...customer } = body;
    assert.deepEqual(customer, { customerId: 'north.wind-1_x', ...facts, tenants: [] });
    assert.equal(changedSequence, await lastEvent(send));
    assert.equal(path, '/api/v1/customers/north.wind-1_x');
    assert.deepEqual((await shown(await send('GET', '/api/v1/customers/NORTH.wind-1_X/'))).body, body);
  });

  test('has a GUID where it names no id, and is named after it', async () => {
    const { customerId, changedSequence: _, ...rest } = (await create()).body;
    assert.match(customerId, guid);
    assert.deepEqual(rest, {
      organization: customerId,
      ownerEmail: '',
      jobStatus: 0,
      countryOrRegion: '',
      managementMode: 2,
      tenants: [],
    });
  });

  test('is not made twice: 409 customer_exists, whatever the case of its id', async () => {
    const before = await lastEvent(send);
    const answer = await send('POST', '/api/v1/customers', { body: { customerId: 'CONTOSO' } });
    await assertProblem(answer, 409, 'customer_exists');
    assert.equal(await lastEvent(send), before);
  });

  test('may have the id that one of another partner has', async () => {
    assert.equal((await create({ customerId: 'foreign' })).body.customerId, 'foreign');
  });

  test('is made by an app that sees all customers: 403 customer_scope_insufficient for another', async () => {
    const answer = await sendSome('POST', '/api/v1/customers', { body: { customerId: 'mine' } });
    await assertProblem(answer, 403, 'customer_scope_insufficient');
    await assertProblem(await send('GET', '/api/v1/customers/mine'), 404, 'customer_not_found');
  });
});

describe('a customer that is changed', () => {
  test('is what the change says, and otherwise as it was', async () => {
    const { body, etag, path } = await create(facts);
    const changed = await shown<Customer>(await change(path, etag, { jobStatus: 6, ownerEmail: '' }));
    const { changedSequence } = changed.body;
    assert.deepEqual(changed.body, { ...body, jobStatus: 6, ownerEmail: '', changedSequence });
    assert.ok(changedSequence > body.changedSequence);
    assert.deepEqual(await shown(await send('GET', path)), changed);
  });

  for (const [what, body] of [
    ['nothing', {}],
    ['what it is', facts],
  ] as const) {
    test(`to ${what} keeps its version, and nothing is recorded`, async () => {
      const { etag, path } = await create(facts);
      const before = await lastEvent(send);
      assert.equal((await shown(await change(path, etag, body))).etag, etag);
      assert.equal(await lastEvent(send), before);
    });
  }

  test('by an app that sees it among others is changed', async () => {
    const { etag } = await shown(await sendSome('GET', '/api/v1/customers/fabrikam'));
    const answer = await sendSome('PATCH', '/api/v1/customers/fabrikam', {
      body: { organization: 'Fabrikam' },
      headers: { 'if-match': etag },
    });
    assert.equal((await shown<Customer>(answer)).body.organization, 'Fabrikam');
  });

  test('without a version is 428, with an old one 412, and stays as it is', async () => {
    const { etag, path } = await create();
    const changed = await shown<Customer>(await change(path, etag, { jobStatus: 1 }));
    const without = await send('PATCH', path, { body: { jobStatus: 2 } });
    await assertProblem(without, 428, 'version_required');
    await assertProblem(await change(path, etag, { jobStatus: 2 }), 412, 'version_changed');
    assert.deepEqual(await shown(await send('GET', path)), changed);
  });
});

describe('a customer that the app cannot see', () => {
  const unseen = ['foreign', 'nobody', '-', '%20', "'", 'a'.repeat(65), '%2e%2e%2fcontoso'];

  test('is 404 customer_not_found, the same to the byte whether it is there or not', async () => {
    await create({ customerId: 'hidden' });
    for (const method of ['GET', 'PATCH']) {
      const about = (id: string) =>
        sendSome(method, `/api/v1/customers/${id}`, {
          headers: { 'if-match': '*' },
          ...(method === 'PATCH' ? { body: { jobStatus: 1 } } : {}),
        });
      const hidden = await about('hidden');
      await assertProblem(hidden.clone(), 404, 'customer_not_found');
      const told = await comparable(hidden);
      for (const id of unseen) assert.deepEqual(await comparable(await about(id)), told, `${method} ${id}`);
    }
  });

  test('is one of another partner also to an app that sees all', async () => {
    await sendOther('POST', '/api/v1/customers', { body: { customerId: 'theirs' } });
    await assertProblem(await send('GET', '/api/v1/customers/theirs'), 404, 'customer_not_found');
  });
});

describe('what is said of a customer that cannot be', () => {
  const ofBoth: readonly (readonly [what: string, body: unknown, errors: readonly string[]])[] = [
    ['is no JSON', '{"organization":', []],
    ['is empty', '', []],
    ['is null', 'null', ['body value_invalid']],
    ['is a list', [], ['body value_invalid']],
    ['has an empty organization', { organization: '' }, ['organization value_invalid']],
    ['has one of 257 characters', { organization: 'x'.repeat(257) }, ['organization value_too_long']],
    ['has a control character in it', { organization: 'a\u0000b' }, ['organization value_invalid']],
    ['has half a character in it', { organization: 'a\ud800' }, ['organization value_invalid']],
    ['has one that is null', { organization: null }, ['organization value_invalid']],
    ['has an owner of 321 characters', { ownerEmail: 'x'.repeat(321) }, ['ownerEmail value_too_long']],
    ['has an owner of two lines', { ownerEmail: 'a\nb' }, ['ownerEmail value_invalid']],
    ['has a country that is a number', { countryOrRegion: 49 }, ['countryOrRegion value_invalid']],
    ['has a country of 101', { countryOrRegion: 'x'.repeat(101) }, ['countryOrRegion value_too_long']],
    ['has a job status of 7', { jobStatus: 7 }, ['jobStatus value_invalid']],
    ['has one that is a text', { jobStatus: '1' }, ['jobStatus value_invalid']],
    ['has a management mode of -1', { managementMode: -1 }, ['managementMode value_invalid']],
    ['has a member that there is not', { name: 'x' }, ['name field_unknown']],
    ['has tenants', { tenants: [] }, ['tenants field_unknown']],
    ['has a member in other letters', { Organization: 'x' }, ['Organization field_unknown']],
    ['names a prototype', '{"__proto__":{"organization":"x"}}', []],
  ];
  const ofNew: typeof ofBoth = [
    ['has an empty id', { customerId: '' }, ['customerId customer_id_invalid']],
    ['has an id of 65 characters', { customerId: 'a'.repeat(65) }, ['customerId customer_id_invalid']],
    ['has an id with a slash', { customerId: 'a/b' }, ['customerId customer_id_invalid']],
    ['has an id that is a number', { customerId: 1 }, ['customerId value_invalid']],
    ['has an id that is null', { customerId: null }, ['customerId value_invalid']],
  ];

  for (const [what, body, errors] of [...ofBoth, ...ofNew]) {
    test(`is 400 body_invalid where a new one ${what}`, async () => {
      const before = await lastEvent(send);
      const answer = await send('POST', '/api/v1/customers', { body });
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), errors);
      assert.equal(await lastEvent(send), before);
    });
  }

  for (const [what, body, errors] of [
    ...ofBoth,
    ['has an id', { customerId: 'contoso' }, ['customerId field_unknown']] as const,
  ]) {
    test(`is 400 body_invalid where a change ${what}`, async () => {
      const before = await lastEvent(send);
      const answer = await change('/api/v1/customers/contoso', '*', body);
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), errors);
      assert.equal(await lastEvent(send), before);
    });
  }
});

describe('the list of customers', () => {
  test('shows an app that sees named customers those alone, in the order of their ids', async () => {
    for (const limit of [1, 2, 1000]) {
      const rows = await paged<Customer>(sendSome, '/api/v1/customers', limit);
      assert.deepEqual(
        rows.map(({ customerId }) => customerId),
        ['contoso', 'fabrikam'],
      );
    }
  });

  test('shows each as it is shown by itself', async () => {
    const rows = await paged<Customer>(send, '/api/v1/customers', 3);
    assert.ok(rows.length > 3);
    for (const row of rows) {
      assert.deepEqual((await shown(await send('GET', `/api/v1/customers/${row.customerId}`))).body, row);
    }
  });

  test('covers each customer exactly once, in order, while others are added and changed', async () => {
    const id = fc.stringMatching(/^[a-z0-9][a-z0-9._-]{0,8}$/);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 9 }),
        fc.uniqueArray(id, { minLength: 1, maxLength: 4 }),
        async (limit, ids) => {
          const idsOf = (rows: readonly Customer[]) => rows.map(({ customerId }) => customerId);
          const there = idsOf(await paged<Customer>(sendOther, '/api/v1/customers', 1000));
          const coming = [...ids];
          const rows = await paged<Customer>(sendOther, '/api/v1/customers', limit, async () => {
            const customerId = coming.pop();
            if (customerId === undefined) return;
            await sendOther('POST', '/api/v1/customers', { body: { customerId } });
            await sendOther('PATCH', `/api/v1/customers/${there[0]}`, {
              body: { organization: `renamed for ${customerId}` },
              headers: { 'if-match': '*' },
            });
          });
          const covered = idsOf(rows);
          assert.deepEqual(covered, [...new Set(covered)].toSorted());
          assert.deepEqual(
            there.filter((known) => !covered.includes(known)),
            [],
          );
        },
      ),
      { numRuns: runs(12) },
    );
  });

  for (const [query, code, errors] of [
    ['?limit=0', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=1001', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=ten', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=1e309', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=-1e309', 'parameter_invalid', ['limit value_invalid']],
    [`?limit=${'9'.repeat(400)}`, 'parameter_invalid', ['limit value_invalid']],
    ['?limit=0x10', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=%2010', 'parameter_invalid', ['limit value_invalid']],
    ['?limit=5&limit=5', 'parameter_invalid', ['limit value_invalid']],
    ['?cursor=', 'parameter_invalid', ['cursor value_invalid']],
    ['?cursor=*', 'parameter_invalid', ['cursor cursor_invalid']],
    [`?cursor=${btoa('a b')}`, 'parameter_invalid', ['cursor cursor_invalid']],
    ['?organization=x', 'parameter_unknown', ['organization field_unknown']],
  ] as const) {
    test(`is 400 ${code} for ${query}`, async () => {
      const answer = await send('GET', `/api/v1/customers${query}`);
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, code)), errors);
    });
  }
});

describe('an operation on customers', () => {
  for (const [method, path, body] of [
    ['POST', '/api/v1/customers', {}],
    ['GET', '/api/v1/customers/contoso', undefined],
    ['PATCH', '/api/v1/customers/contoso', {}],
  ] as const) {
    test(`is 400 parameter_unknown for ${method} with a parameter that there is not`, async () => {
      const answer = await send(method, `${path}?dryRun=true`, { body, headers: { 'if-match': '*' } });
      await assertProblem(answer, 400, 'parameter_unknown');
    });
  }

  test('needs seatledger.read to read and seatledger.write to write, neither of which is the other', async () => {
    const [reader, writer] = await Promise.all(
      (['seatledger.read', 'seatledger.write'] as const).map(async (permission) =>
        sendAs(server, await server.createApp({ permissions: [permission] })),
      ),
    );
    assert.ok(reader && writer);
    const headers = { 'if-match': '*' };
    for (const path of ['/api/v1/customers', '/api/v1/customers/contoso']) {
      assert.equal((await reader('GET', path)).status, 200);
      await assertProblem(await writer('GET', path), 403, 'permission_missing');
    }
    assert.equal((await writer('POST', '/api/v1/customers', { body: {} })).status, 201);
    await assertProblem(await reader('POST', '/api/v1/customers', { body: {} }), 403, 'permission_missing');
    const patch = { body: {}, headers };
    assert.equal((await writer('PATCH', '/api/v1/customers/contoso', patch)).status, 200);
    const refused = await reader('PATCH', '/api/v1/customers/contoso', patch);
    await assertProblem(refused, 403, 'permission_missing');
  });
});

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { Assignment, AssignmentReport, EventsPage } from '@seatledger/contract';
import fc from 'fast-check';
import { assertProblem, comparable, errorsOf } from '../../testing/answers.ts';
import { runs } from '../../testing/campaign.ts';
import { lastEvent, paged, type Send, sendAs, type SendOptions } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);

let made = 0;
/** A customer of its own with so many seats of product 2048. */
async function customerWith(seats: number): Promise<string> {
  const customerId = `customer-${(made += 1)}`;
  await send('POST', '/api/v1/customers', { body: { customerId } });
  await addLine(customerId, { productType: 2048, seats });
  return customerId;
}
async function addLine(customerId: string, line: object): Promise<void> {
  assert.equal((await send('POST', `/api/v1/customers/${customerId}/lines`, { body: line })).status, 201);
}
const pathOf = (customerId: string) => `/api/v1/customers/${customerId}/assignments`;
const assign = (customerId: string, users: unknown, options: SendOptions & { by?: Send } = {}) =>
  (options.by ?? send)('POST', pathOf(customerId), { body: { productType: 2048, users }, ...options });
const release = (customerId: string, who: object) =>
  send('POST', `${pathOf(customerId)}/release`, { body: { productType: 2048, ...who } });
const listed = (customerId: string, limit = 1000) => paged<Assignment>(send, pathOf(customerId), limit);

async function reportOf(answer: Response): Promise<AssignmentReport> {
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as AssignmentReport;
}
async function holdersOf(customerId: string): Promise<readonly (string | null)[]> {
  const users = (await listed(customerId)).map(({ user }) => user);
  return users.toSorted((one, other) => ((one ?? '') < (other ?? '') ? -1 : 1));
}

describe('seats that are assigned', () => {
  test('are counted, and each is listed with its user and its event', async () => {
    const customerId = await customerWith(5);
    const report = await reportOf(await assign(customerId, ['ada@example.com', 'bob@example.com']));
    const { sequence, ...numbers } = report;
    const seats = { purchased: 5, assigned: 2, available: 3 };
    assert.deepEqual(numbers, { changed: 2, unchanged: 0, seats });
    assert.equal(sequence, await lastEvent(send));
    const rows = await listed(customerId);
    assert.deepEqual(new Set(rows.map(({ user }) => user)), new Set(['ada@example.com', 'bob@example.com']));
    assert.deepEqual(
      new Set(rows.map(({ assignedSequence }) => assignedSequence)),
      new Set([sequence - 1, sequence]),
    );
    for (const { userId, productType } of rows) {
      assert.match(userId, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(productType, 2048);
    }
  });

  test('are what the partner contract says is not available any more', async () => {
    const customerId = await customerWith(5);
    await reportOf(await assign(customerId, ['ada']));
    const overview = `/partner/external/v3/general/customers/${customerId}/avpt-products/type/2048/overview`;
    assert.deepEqual(await (await send('GET', overview)).json(), {
      productType: 2048,
      availableUserSeat: 4,
    });
  });

  test('are one for a user who is named again, whatever the case and the Unicode form', async () => {
    const customerId = await customerWith(5);
    const first = await reportOf(await assign(customerId, ['jos\u00e9@example.com']));
    const names = ['JOS\u00c9@EXAMPLE.COM', 'jose\u0301@example.com', 'JOSE\u0301@example.com'];
    for (const users of [...names.map((name) => [name]), names]) {
      const again = await reportOf(await assign(customerId, users));
      assert.deepEqual(again, { ...first, changed: 0, unchanged: 1 });
    }
    assert.deepEqual(await holdersOf(customerId), ['jos\u00e9@example.com']);
  });

  test('are of one product: the same user takes one of another beside it', async () => {
    const customerId = await customerWith(1);
    await addLine(customerId, { productType: 40, seats: 1 });
    await reportOf(await assign(customerId, ['ada']));
    await reportOf(await send('POST', pathOf(customerId), { body: { productType: 40, users: ['ada'] } }));
    const rows = await listed(customerId, 1);
    assert.deepEqual(
      rows.map(({ productType }) => productType),
      [40, 2048],
    );
    assert.equal(new Set(rows.map(({ userId }) => userId)).size, 1);
  });

  test('are a thousand in one request, which are listed in pages of any size', async () => {
    const customerId = await customerWith(1000);
    const users = Array.from({ length: 1000 }, (_, index) => `user-${index}@example.com`);
    const { changed, seats } = await reportOf(await assign(customerId, users));
    assert.deepEqual([changed, seats.available], [1000, 0]);
    const all = await listed(customerId);
    assert.equal(all.length, 1000);
    assert.deepEqual(await listed(customerId, 333), all);
    assert.deepEqual(new Set(all.map(({ user }) => user)), new Set(users));
  });

  test('stay while fewer are purchased: the deficit is told, and nobody gets another', async () => {
    const customerId = await customerWith(3);
    await reportOf(await assign(customerId, ['ada', 'bob', 'eve']));
    const lines = (await (await send('GET', `/api/v1/customers/${customerId}/lines`)).json()) as {
      data: { lineId: number; changedSequence: number }[];
    };
    const [line] = lines.data;
    assert.ok(line);
    await send('PATCH', `/api/v1/customers/${customerId}/lines/${line.lineId}`, {
      body: { seats: 1 },
      headers: { 'if-match': `"${line.changedSequence}"` },
    });
    const again = await reportOf(await assign(customerId, ['ada']));
    assert.deepEqual(again.seats, { purchased: 1, assigned: 3, available: -2 });
    const refused = await assertProblem(await assign(customerId, ['ada', 'new']), 409, 'seats_insufficient');
    assert.deepEqual(refused.numbers, { requested: 1, purchased: 1, assigned: 3, available: -2 });
  });
});

describe('more seats than are available', () => {
  test('are refused with the numbers, and nobody gets one', async () => {
    const customerId = await customerWith(3);
    await reportOf(await assign(customerId, ['ada']));
    const before = await lastEvent(send);
    const refused = await assign(customerId, ['ada', 'bob', 'eve', 'joe']);
    const { numbers } = await assertProblem(refused, 409, 'seats_insufficient');
    assert.deepEqual(numbers, { requested: 3, purchased: 3, assigned: 1, available: 2 });
    assert.deepEqual(await holdersOf(customerId), ['ada']);
    assert.equal(await lastEvent(send), before);
    assert.equal((await reportOf(await assign(customerId, ['bob', 'eve']))).seats.available, 0);
  });

  test('are refused where the customer never had a line', async () => {
    const customerId = await customerWith(1);
    const answer = await send('POST', pathOf(customerId), { body: { productType: 40, users: ['ada'] } });
    const { numbers } = await assertProblem(answer, 409, 'seats_insufficient');
    assert.deepEqual(numbers, { requested: 1, purchased: 0, assigned: 0, available: 0 });
  });

  test('are never handed out, however many ask at once', async () => {
    const customerId = await customerWith(7);
    const asked = Array.from({ length: 20 }, (_, index) => assign(customerId, [`user-${index}`]));
    const statuses = (await Promise.all(asked)).map(({ status }) => status);
    assert.equal(statuses.filter((status) => status === 200).length, 7);
    assert.equal(statuses.filter((status) => status === 409).length, 13);
    assert.equal((await listed(customerId)).length, 7);
  });
});

describe('seats that are released', () => {
  test('are available again, also where users are named who hold none', async () => {
    const customerId = await customerWith(2);
    await reportOf(await assign(customerId, ['ada', 'bob']));
    const report = await reportOf(await release(customerId, { users: ['ADA', 'ada', 'nobody'] }));
    const { sequence, ...numbers } = report;
    const seats = { purchased: 2, assigned: 1, available: 1 };
    assert.deepEqual(numbers, { changed: 1, unchanged: 1, seats });
    assert.equal(sequence, await lastEvent(send));
    const again = await reportOf(await release(customerId, { users: ['ada'] }));
    assert.deepEqual(again, { ...report, changed: 0, unchanged: 1 });
    assert.deepEqual(await holdersOf(customerId), ['bob']);
  });

  test('are named by address, by id or by both, and a user who is named twice gives one back', async () => {
    const customerId = await customerWith(3);
    await reportOf(await assign(customerId, ['ada', 'bob', 'eve']));
    const idByUser = new Map((await listed(customerId)).map(({ user, userId }) => [user, userId]));
    const [ada, bob] = ['ada', 'bob'].map((user) => idByUser.get(user)?.toUpperCase());
    const { changed, unchanged } = await reportOf(
      await release(customerId, { users: ['ada'], userIds: [ada, bob, crypto.randomUUID()] }),
    );
    assert.deepEqual([changed, unchanged], [2, 1]);
    assert.deepEqual(await holdersOf(customerId), ['eve']);
  });

  test('are nobody’s of another customer, whose user has the same address', async () => {
    const [one, other] = [await customerWith(1), await customerWith(1)];
    await reportOf(await assign(one, ['ada']));
    await reportOf(await assign(other, ['ada']));
    await reportOf(await release(one, { users: ['ada'] }));
    assert.deepEqual([await holdersOf(one), await holdersOf(other)], [[], ['ada']]);
  });
});

describe('the record of an assignment', () => {
  test('says who, why and which seat, and names the user by id', async () => {
    const customerId = await customerWith(1);
    const before = await lastEvent(send);
    const reason = 'Caf\u00e9 order 4711';
    await reportOf(
      await assign(customerId, ['ada'], { headers: { 'change-reason': encodeURIComponent(reason) } }),
    );
    const [row] = await listed(customerId);
    assert.ok(row);
    await reportOf(await release(customerId, { users: ['ada'] }));
    const page = (await (await send('GET', `/api/v1/events?after=${before}`)).json()) as EventsPage;
    const state = { customerId, productType: 2048, userId: row.userId };
    const [assigned, released] = page.data;
    assert.ok(assigned && released && page.data.length === 2);
    assert.deepEqual(
      [assigned, released],
      [
        {
          ...assigned,
          sequence: before + 1,
          actor: `app:${server.admin.clientId}`,
          reason,
          kind: 'seat.assigned',
          subject: row.userId,
          customerId,
          before: null,
          after: state,
        },
        {
          ...released,
          sequence: before + 2,
          actor: `app:${server.admin.clientId}`,
          reason: null,
          kind: 'seat.released',
          subject: row.userId,
          customerId,
          before: state,
          after: null,
        },
      ],
    );
  });
});

describe('an assignment that is sent again with its Idempotency-Key', () => {
  test('is made once and answers as the first time, also after the seat was released', async () => {
    const customerId = await customerWith(2);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    const first = await (await assign(customerId, ['ada'], { headers })).text();
    assert.equal(await (await assign(customerId, ['ada'], { headers })).text(), first);
    await reportOf(await release(customerId, { users: ['ada'] }));
    assert.equal(await (await assign(customerId, ['ada'], { headers })).text(), first);
    assert.deepEqual(await holdersOf(customerId), []);
  });

  test('is refused where it is another request', async () => {
    const customerId = await customerWith(2);
    const headers = { 'idempotency-key': crypto.randomUUID() };
    await reportOf(await assign(customerId, ['ada'], { headers }));
    await assertProblem(await assign(customerId, ['bob'], { headers }), 422, 'idempotency_key_reused');
  });
});

describe('a request that cannot be', () => {
  const long = (length: number) => 'a'.repeat(length);
  const bodies: readonly (readonly [string, object, string])[] = [
    ['an empty user', { users: ['ada', ''] }, 'users.1 user_invalid'],
    ['a user of 321 characters', { users: [long(321)] }, 'users.0 user_invalid'],
    ['a user of 10,000 characters', { users: [long(10_000)] }, 'users.0 user_invalid'],
    ['a user with a control character', { users: ['a\u0000b'] }, 'users.0 user_invalid'],
    ['a user with a line break', { users: ['a\nb'] }, 'users.0 user_invalid'],
    ['a user with half a surrogate pair', { users: ['a\ud800'] }, 'users.0 user_invalid'],
    ['a user with a blank at an end', { users: ['ada '] }, 'users.0 user_invalid'],
    ['no users', { users: [] }, 'users value_invalid'],
    ['1001 users', { users: Array.from({ length: 1001 }, String) }, 'users value_invalid'],
    ['users that are no list', { users: 'ada' }, 'users value_invalid'],
    ['a user that is no text', { users: [1] }, 'users.0 value_invalid'],
    ['nobody', {}, 'users value_required'],
    ['a product that there is not', { users: ['ada'], productType: 3 }, 'productType product_type_unknown'],
    [
      'a product by its number as a text',
      { users: ['ada'], productType: '2048' },
      'productType value_invalid',
    ],
    ['a member that is not known', { users: ['ada'], seats: 1 }, 'seats field_unknown'],
  ];
  for (const [what, body, error] of bodies) {
    test(`is refused for ${what}, to assign and to release, and changes nothing`, async () => {
      const customerId = await customerWith(2000);
      await reportOf(await assign(customerId, ['bob']));
      const before = await lastEvent(send);
      for (const path of [pathOf(customerId), `${pathOf(customerId)}/release`]) {
        const answer = await send('POST', path, { body: { productType: 2048, ...body } });
        assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'body_invalid')), [error]);
      }
      assert.equal(await lastEvent(send), before);
    });
  }

  test('is refused for a user id that is none', async () => {
    const answer = await release(await customerWith(1), { userIds: ['ada@example.com'] });
    const problem = await assertProblem(answer, 400, 'body_invalid');
    assert.deepEqual(errorsOf(problem), ['userIds.0 value_invalid']);
  });

  test('is none of a user of 320 characters', async () => {
    const customerId = await customerWith(1);
    await reportOf(await assign(customerId, [long(320)]));
    assert.deepEqual(await holdersOf(customerId), [long(320)]);
  });

  test('is refused for a parameter that is not known, and for a cursor of another list', async () => {
    const path = pathOf(await customerWith(1));
    const unknown = await assertProblem(await send('GET', `${path}?user=ada`), 400, 'parameter_unknown');
    assert.deepEqual(errorsOf(unknown), ['user field_unknown']);
    const userId = crypto.randomUUID();
    for (const text of ['', '2048', '2048 ', '2048 \0', `3 ${userId}`, `2048 ${userId} 1`]) {
      const answer = await send('GET', `${path}?cursor=${Buffer.from(text).toString('base64url') || '_'}`);
      assert.deepEqual(errorsOf(await assertProblem(answer, 400, 'parameter_invalid')), [
        'cursor cursor_invalid',
      ]);
    }
  });
});

describe('assignments of customers that the app may not see', () => {
  test('answer as those of a customer that there is not', async () => {
    const [seen, hidden] = [await customerWith(2), await customerWith(2)];
    await server.importCsv('customerId,productType,seats\nforeign,2048,5\n', server.otherAdmin);
    const permissions = ['seatledger.read', 'seatledger.write'] as const;
    const app = await server.createApp({ permissions: [...permissions], customers: [seen] });
    const restricted = await sendAs(server, app);
    const body = { productType: 2048, users: ['ada'] };
    const requests: readonly (readonly [string, string, SendOptions?])[] = [
      ['GET', '/assignments'],
      ['POST', '/assignments', { body }],
      ['POST', '/assignments/release', { body }],
      ['POST', '/users/erase', { body: { user: 'ada' } }],
    ];
    for (const [method, path, options] of requests) {
      const own = await restricted(method, `/api/v1/customers/${seen}${path}`, options);
      assert.equal(own.status, 200, `${method} ${path}`);
      const missing = await restricted(method, `/api/v1/customers/nobody${path}`, options);
      const expected = await comparable(missing);
      for (const [sender, customerId] of [
        [restricted, hidden],
        [send, 'foreign'],
        [sendOther, seen],
        [send, '-'],
      ] as const) {
        const answer = await sender(method, `/api/v1/customers/${customerId}${path}`, options);
        await assertProblem(answer.clone(), 404, 'customer_not_found');
        assert.deepEqual(await comparable(answer), expected);
      }
    }
    assert.deepEqual(await holdersOf(hidden), []);
  });

  test('need the permission to read, or to write', async () => {
    const customerId = await customerWith(1);
    const reader = await sendAs(server, await server.createApp({ permissions: ['seatledger.read'] }));
    const writer = await sendAs(server, await server.createApp({ permissions: ['seatledger.write'] }));
    await assertProblem(await assign(customerId, ['ada'], { by: reader }), 403, 'permission_missing');
    await assertProblem(await writer('GET', pathOf(customerId)), 403, 'permission_missing');
    assert.equal((await assign(customerId, ['ada'], { by: writer })).status, 200);
    assert.equal((await reader('GET', pathOf(customerId))).status, 200);
  });
});

test('whatever is assigned and released, seats are conserved: assigned is who holds one, and never more than purchased', async () => {
  const name = fc.constantFrom('ada', 'ADA', 'bob', 'eve', 'joe', 'sue', 'kim');
  const step = fc.record({
    kind: fc.constantFrom('assign', 'release'),
    users: fc.array(name, { minLength: 1, maxLength: 4 }),
  });
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: 5 }), fc.array(step, { maxLength: 8 }), async (purchased, steps) => {
      const customerId = await customerWith(purchased);
      const holders = new Set<string>();
      for (const { kind, users } of steps) {
        const named = new Set(users.map((user) => user.toLowerCase()));
        const wanted = kind === 'assign' ? holders.union(named) : holders.difference(named);
        const answer = await (kind === 'assign' ? assign(customerId, users) : release(customerId, { users }));
        if (wanted.size > purchased) {
          await assertProblem(answer, 409, 'seats_insufficient');
          continue;
        }
        const { changed, unchanged, seats } = await reportOf(answer);
        assert.equal(changed, Math.abs(wanted.size - holders.size));
        assert.equal(changed + unchanged, named.size);
        assert.deepEqual(seats, { purchased, assigned: wanted.size, available: purchased - wanted.size });
        holders.clear();
        for (const holder of wanted) holders.add(holder);
      }
      assert.deepEqual(await holdersOf(customerId), [...holders].toSorted());
    }),
    { numRuns: runs(20) },
  );
});

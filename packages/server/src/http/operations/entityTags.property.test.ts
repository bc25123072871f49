/** Of two answers with the same entity tag the client may keep the first: whatever was changed, ended, asked or by whom. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import fc from 'fast-check';
import { runs } from '../../testing/campaign.ts';
import { startTestServer, type TestApp } from '../../testing/server.ts';

const minute = 60_000;
const server = await startTestServer();
after(() => server.stop());

const tokens = new Map<TestApp, { value: string; gotAt: number }>();
/** A token that is good for some more time, wherever the clock was moved. */
async function bearer(app: TestApp): Promise<string> {
  const known = tokens.get(app);
  if (known !== undefined && server.now() < known.gotAt + 30 * minute) return `Bearer ${known.value}`;
  const value = await server.token(app);
  tokens.set(app, { value, gotAt: server.now() });
  return `Bearer ${value}`;
}

const change = async (method: string, path: string, body: object) =>
  server.request(`/api/v1${path}`, {
    method,
    headers: {
      authorization: await bearer(server.admin),
      'content-type': 'application/json',
      'if-match': '*',
    },
    body: JSON.stringify(body),
  });
const customers = ['ada', 'bob', 'eve'];
await server.importCsv(
  `customerId,productType,seats,externalId\n${customers.map((name) => `${name},2048,5,x-${name}`).join('\n')}\n`,
);
const { groupId } = (await (await change('POST', '/groups', { name: 'some' })).json()) as { groupId: number };
await change('POST', `/groups/${groupId}/customers`, { customerIds: ['ada'] });
const permissions = ['seatledger.read', 'elements.license.read.all'] as const;
const apps: readonly TestApp[] = [
  server.admin,
  await server.createApp({ permissions: [...permissions] }),
  await server.createApp({ permissions: [...permissions], customers: ['ada', 'bob'] }),
  await server.createApp({ permissions: [...permissions], groups: [groupId] }),
];

type Step =
  | { readonly kind: 'seats'; readonly customer: string; readonly seats: number }
  | { readonly kind: 'line'; readonly customer: string; readonly start: number; readonly minutes: number }
  | {
      readonly kind: 'assign' | 'join' | 'leave' | 'rename';
      readonly customer: string;
      readonly text: string;
    }
  | { readonly kind: 'scope'; readonly customer: string }
  | { readonly kind: 'wait'; readonly minutes: number }
  | { readonly kind: 'none' };
const customer = fc.constantFrom(...customers);
const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ kind: fc.constant('seats' as const), customer, seats: fc.nat({ max: 3 }) }),
  fc.record({
    kind: fc.constant('line' as const),
    customer,
    start: fc.integer({ min: -5, max: 5 }),
    minutes: fc.integer({ min: 1, max: 9 }),
  }),
  fc.record({
    kind: fc.constantFrom('assign' as const, 'rename' as const, 'join' as const, 'leave' as const),
    customer,
    text: fc.constantFrom('a', 'b'),
  }),
  fc.record({ kind: fc.constant('scope' as const), customer }),
  fc.record({ kind: fc.constant('wait' as const), minutes: fc.integer({ min: 0, max: 6 }) }),
  fc.constant({ kind: 'none' as const }),
);

async function take(taken: Step): Promise<void> {
  if (taken.kind === 'none') return;
  if (taken.kind === 'wait') {
    server.setNow(server.now() + taken.minutes * minute);
  } else if (taken.kind === 'seats') {
    await server.importCsv(
      `customerId,productType,seats,externalId\n${taken.customer},2048,${taken.seats},x-${taken.customer}\n`,
    );
  } else if (taken.kind === 'line') {
    const [startsAt, expiresAt] = [taken.start, taken.start + taken.minutes].map((minutes) =>
      new Date(server.now() + minutes * minute).toISOString(),
    );
    const body = { productType: 40, seats: 2, startsAt, expiresAt, source: `s${taken.minutes}` };
    assert.equal((await change('POST', `/customers/${taken.customer}/lines`, body)).status, 201);
  } else if (taken.kind === 'rename') {
    await change('PATCH', `/customers/${taken.customer}`, { organization: taken.text });
  } else if (taken.kind === 'assign') {
    await change('POST', `/customers/${taken.customer}/assignments`, {
      productType: 2048,
      users: [taken.text],
    });
  } else if (taken.kind === 'scope') {
    await change('PATCH', `/apps/${apps[2]?.clientId}`, { customers: ['bob', taken.customer] });
  } else {
    const rest = taken.kind === 'join' ? '' : '/remove';
    await change('POST', `/groups/${groupId}/customers${rest}`, { customerIds: [taken.customer] });
  }
}

const beginning = new Date(server.now()).toISOString();
const seat = '/partner/external/v3/general/customers/ada/avpt-products/type/2048/overview';
const questions: readonly (readonly [path: string, headers: Readonly<Record<string, string>>])[] = [
  ['/api/v1/seats', {}],
  ['/api/v1/seats?limit=2', {}],
  ['/api/v1/seats?limit=1&sort=available', {}],
  ['/api/v1/seats?availableBelow=3', {}],
  [`/api/v1/seats?asOf=${beginning}`, {}],
  ['/api/v1/seats', { accept: 'application/x-ndjson' }],
  ['/api/v1/seats', { accept: 'text/csv' }],
  ['/api/v1/events?after=3&limit=5', {}],
  ['/api/v1/events?after=10&limit=1000', {}],
  [seat, {}],
  [seat, { 'api-version': '2025-10-11' }],
];

interface Told {
  readonly tag: string;
  /** What the answer says, without the instant that it was given at. */
  readonly body: string;
}

const instant = /\d{4}-\d\d-\d\dT[\d:.]+Z/;
function essence(text: string): string {
  return text
    .replaceAll(new RegExp(`"asOf":"${instant.source}"`, 'g'), '')
    .replaceAll(new RegExp(`,${instant.source},(\\d+)\r\n`, 'g'), ',$1\r\n')
    .replaceAll(/"nextCursor":"([\w-]+)"/g, (_, cursor: string) =>
      Buffer.from(cursor, 'base64url').toString().replace(/\d+$/, ''),
    );
}

async function ask(as: TestApp, question: (typeof questions)[number], known?: string) {
  const [path, headers] = question;
  const answer = await server.request(path, {
    headers: {
      authorization: await bearer(as),
      ...headers,
      ...(known === undefined ? {} : { 'if-none-match': known }),
    },
  });
  return { status: answer.status, tag: answer.headers.get('etag') ?? '', text: await answer.text() };
}

describe('an entity tag', () => {
  test('that is the same is of an answer that says the same, and a 304 is given for no other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(step, { minLength: 1, maxLength: 6 }),
        fc.uniqueArray(fc.nat({ max: apps.length - 1 }), { minLength: 1, maxLength: 2 }),
        fc.uniqueArray(fc.nat({ max: questions.length - 1 }), { minLength: 2, maxLength: 3 }),
        async (steps, who, asking) => {
          const asked = who.flatMap((app) => asking.map((question) => [app, question] as const));
          const told = new Map<string, Told[]>();
          for (const taken of steps) {
            await take(taken);
            for (const [app, question] of asked) {
              const [as, what] = [apps[app], questions[question]];
              assert.ok(as && what);
              const before = told.get(`${app} ${question}`)?.at(-1);
              const again = await ask(as, what, before?.tag);
              const { status, tag, text } = before === undefined ? again : await ask(as, what);
              if (status === 404) continue;
              assert.equal(status, 200, text);
              const body = essence(text);
              assert.equal(tag.startsWith('W/'), !what[0].startsWith('/partner'));
              if (before !== undefined) assert.equal(again.status, before.tag === tag ? 304 : 200);
              if (before !== undefined && taken.kind === 'none') assert.equal(tag, before.tag);
              const all = told.get(`${app} ${question}`) ?? [];
              for (const other of all) if (other.tag === tag) assert.equal(body, other.body);
              told.set(`${app} ${question}`, [...all, { tag, body }]);
            }
          }
          // No tag of one question, or to one app, is that of another whose answer differs.
          const everything = [...told.values()].flat();
          for (const { tag, body } of everything) {
            if (!tag.startsWith('W/')) continue;
            for (const other of everything) if (other.tag === tag) assert.equal(body, other.body);
          }
        },
      ),
      { numRuns: runs(30) },
    );
  });

  test('of a list is another once a term has ended, though nothing was recorded', async () => {
    const body = {
      productType: 49,
      seats: 2,
      expiresAt: new Date(server.now() + minute).toISOString(),
    };
    assert.equal((await change('POST', '/customers/ada/lines', body)).status, 201);
    for (const what of questions.filter(([path]) => path === '/api/v1/seats')) {
      const before = await ask(server.admin, what);
      assert.equal((await ask(server.admin, what, before.tag)).status, 304);
    }
    const [first] = questions;
    assert.ok(first);
    const before = await ask(server.admin, first);
    server.setNow(server.now() + 2 * minute);
    const then = await ask(server.admin, first, before.tag);
    assert.equal(then.status, 200);
    assert.notEqual(then.tag, before.tag);
  });

  test('of a list is another where the store was put back and went on differently, to as many events', async () => {
    for (const what of questions.filter(([path]) => !path.startsWith('/partner'))) {
      const before = await ask(server.admin, what);
      assert.equal((await ask(server.admin, what, before.tag)).status, 304);
      await server.place.exec(`update partners set head_hash = '${'0'.repeat(64)}' where partner_id = 1`);
      const then = await ask(server.admin, what, before.tag);
      await server.place.exec(
        'update partners set head_hash = (select hash from changes where changes.partner_id = 1 and last_sequence = head_sequence) where partner_id = 1',
      );
      assert.equal(then.status, 200);
      assert.notEqual(then.tag, before.tag);
    }
  });

  test('of a seat answer says what the answer says', async () => {
    const answer = await ask(server.admin, [seat, {}]);
    const { productType, availableUserSeat } = JSON.parse(answer.text) as Record<string, number>;
    assert.equal(answer.tag, `"${productType}-${availableUserSeat}-a"`);
    const other = await ask(server.admin, [seat, { 'api-version': '2025-10-11' }]);
    assert.match(other.tag, /^"2048-\d+-p"$/);
    assert.equal((await ask(server.admin, [seat, {}], `W/${answer.tag}`)).status, 304);
    assert.equal((await ask(server.admin, [seat, {}], other.tag)).status, 200);
  });
});

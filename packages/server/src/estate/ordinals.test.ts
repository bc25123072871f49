/** The customers of a partner are numbered from 1 in the order in which they came, without gaps, whichever way they came. */

import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { ProblemError } from '@seatledger/contract';
import fc from 'fast-check';
import type { ImportRow } from '../ledger/index.ts';
import { runs } from '../testing/campaign.ts';
import { customer, productType } from '../testing/identity.ts';
import { openTestStore } from '../testing/store.ts';
import { verifyStore } from '../verifyStore.ts';

const store = await openTestStore();
after(() => store.close());

const id = fc.integer({ min: 0, max: 30 }).map((number) => customer(`c${number}`));
const step = fc.oneof(
  fc.record({ kind: fc.constant('create' as const), id }),
  fc.record({
    kind: fc.constant('onboard' as const),
    owner: fc.constantFrom('a@x.org', 'A@X.org', 'b@x.org'),
  }),
  fc.record({
    kind: fc.constant('import' as const),
    ids: fc.array(id, { maxLength: 6 }),
    // A dry run, and lines that are refused, bring nobody in.
    dryRun: fc.boolean(),
    seats: fc.constantFrom(1, 2),
  }),
);

test('customers have ordinals from 1 in the order of their events, without gaps, also where changes fail', async () => {
  const partners: number[] = [];
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
      const name = `partner ${partners.length}`;
      const { partnerId } = await store.make('partner.create', { name }, { partnerId: 0 });
      partners.push(partnerId);
      for (const one of steps) {
        await apply(one, partnerId).catch((error: unknown) => {
          assert.ok(error instanceof ProblemError, String(error));
        });
      }
      const rows = await store.rows(
        `select ordinal, customer_id from customers where partner_id = ${partnerId} order by ordinal`,
      );
      const events = await store.rows(
        `select subject from events where partner_id = ${partnerId} and kind = 'customer.created' order by sequence`,
      );
      assert.deepEqual(
        rows.map((row) => [row['ordinal'], row['customer_id']]),
        events.map((event, index) => [index + 1, event['subject']]),
      );
    }),
    { numRuns: runs(20) },
  );
  await store.readWhole(async (connection) => {
    for await (const { broken } of verifyStore(connection, { head: undefined }))
      assert.equal(broken, undefined);
  });
});

type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

async function apply(one: Step, partnerId: number): Promise<unknown> {
  if (one.kind === 'create')
    return store.make('customer.create', { customerId: one.id, facts: {} }, { partnerId });
  if (one.kind === 'onboard') {
    const facts = {
      organization: 'O',
      ownerEmail: one.owner,
      countryOrRegion: '',
      managementMode: 2,
    } as const;
    return store.make('customer.onboard', facts, { partnerId });
  }
  const rows = one.ids.map(
    (customerId, index): ImportRow => ({
      line: index + 1,
      customerId,
      organization: null,
      productType: productType(2048),
      resource: 'Office365Backup',
      seats: one.seats,
      startsAt: null,
      expiresAt: null,
      source: 'test',
      externalId: null,
      licenceType: 'enterprise',
    }),
  );
  const request = { rowsPath: '', dryRun: one.dryRun, replace: false, customers: 'all' } as const;
  return store.make('lines.import', request, { partnerId, rows });
}

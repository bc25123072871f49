/** Random sequences of everything that the ledger does, with time moving, against a model that a person can check by reading. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { type CustomerId, ProblemError } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { testEngine } from '../testing/engine.ts';
import { productType } from '../testing/identity.ts';
import { Model, modelCustomers, type Operation, operation } from '../testing/ledgerModel.ts';
import { openTestStore, type TestStore } from '../testing/store.ts';
import { verifyStore } from '../verifyStore.ts';
import { readSeats } from './readSeats.ts';

const day = 86_400_000;
const backup = productType(2048);
const baseline = productType(40);
/** One sequence of operations on the store and on the model. */
class Play {
  readonly store: TestStore;
  readonly model = new Model();
  readonly #importedIds = new Map<string, { lineId: number; customerId: CustomerId }>();
  /** What was answered at each sequence. */
  readonly answers: { sequence: number; customerId: CustomerId; purchased: number; assigned: number }[] = [];

  constructor(store: TestStore) {
    this.store = store;
  }

  make: TestStore['make'] = (kind, input, options) =>
    this.store.make(kind, input, { now: this.model.now, ...options });

  /** The change, or false where its seats are refused. */
  async accepted<Result>(change: Promise<Result>): Promise<Result | false> {
    try {
      return await change;
    } catch (error) {
      if (error instanceof ProblemError) return false;
      throw error;
    }
  }

  async perform(step: Operation): Promise<void> {
    switch (step.kind) {
      case 'wait':
        this.model.now += step.days * day + 1;
        break;
      case 'addLine':
        await this.addLine(step);
        break;
      case 'changeLine':
      case 'endLine':
        await this.changeLine(step);
        break;
      case 'addPool':
        await this.addPool(step);
        break;
      case 'changePool':
      case 'endPool':
        await this.changePool(step);
        break;
      case 'assign':
      case 'release':
        await this.shiftUsers(step);
        break;
      case 'import':
        await this.importLine(step);
        break;
    }
  }

  customerOf(number: number): CustomerId {
    const id = modelCustomers[number % modelCustomers.length];
    assert.ok(id);
    return id;
  }

  async addLine(step: Extract<Operation, { kind: 'addLine' }>): Promise<void> {
    const { model } = this;
    const startsAt = model.now + step.start * day;
    const pool = step.pool === null ? undefined : model.pools.at(step.pool % Math.max(1, model.pools.length));
    const isOfPool = step.resource === 'Office365Backup' && pool !== undefined;
    const term = {
      startsAt,
      expiresAt: step.days === null ? null : startsAt + step.days * day,
      seats: step.seats,
    };
    const line = {
      ...term,
      customerId: this.customerOf(step.customer),
      productType: step.resource === 'PartnerTenantSettingManagement' ? baseline : backup,
      resource: step.resource,
      poolId: isOfPool ? pool.poolId : null,
      source: step.source,
    };
    const expected =
      !isOfPool || (model.isWithin(term, pool) && model.fits(pool, [...model.lines, { ...line, lineId: 0 }]));
    const added = await this.accepted(
      this.make('line.add', {
        ...line,
        source: step.source,
        externalId: null,
        licenceType: 'enterprise',
        details: {},
      }),
    );
    assert.equal(
      added !== false,
      expected,
      `${JSON.stringify(step)} was ${expected ? 'refused' : 'accepted'}`,
    );
    if (added !== false) model.lines.push({ ...line, lineId: added.lineId });
  }

  async changeLine(step: Extract<Operation, { kind: 'changeLine' | 'endLine' }>): Promise<void> {
    const { model } = this;
    const line = model.lines.at(step.line % Math.max(1, model.lines.length));
    if (line === undefined) return;
    const end = Math.max(model.now, line.startsAt);
    const isOver = line.expiresAt !== null && line.expiresAt <= end;
    const wanted =
      step.kind === 'endLine'
        ? { ...line, expiresAt: isOver ? line.expiresAt : end }
        : {
            ...line,
            seats: step.seats,
            expiresAt: step.days === null ? null : model.now + step.days * day,
          };
    const isInverted =
      step.kind === 'changeLine' &&
      wanted.expiresAt !== line.expiresAt &&
      wanted.expiresAt !== null &&
      wanted.expiresAt <= wanted.startsAt;
    const pool = model.pools.find(({ poolId }) => poolId === line.poolId);
    const others = model.lines.filter((other) => other !== line);
    const isTermChanged = wanted.expiresAt !== line.expiresAt;
    const isWithin =
      pool === undefined || step.kind === 'endLine' || !isTermChanged || model.isWithin(wanted, pool);
    const expected = !isInverted && isWithin && (pool === undefined || model.fits(pool, [...others, wanted]));
    const { customerId, lineId, seats: seatsWanted, expiresAt } = wanted;
    const which = { customerId, lineId, expected: 'any', mayGrant: true } as const;
    const change =
      step.kind === 'endLine'
        ? this.make('line.end', which)
        : this.make('line.change', { ...which, seats: seatsWanted, expiresAt });
    const changed = await this.accepted(change);
    assert.equal(
      changed !== false,
      expected,
      `${JSON.stringify(step)} was ${expected ? 'refused' : 'accepted'}`,
    );
    if (changed !== false) model.lines = [...others, wanted];
  }

  async addPool(step: Extract<Operation, { kind: 'addPool' }>): Promise<void> {
    const startsAt = this.model.now + step.start * day;
    const term = {
      startsAt,
      expiresAt: step.days === null ? null : startsAt + step.days * day,
      seats: step.seats,
    };
    const { poolId } = await this.make('pool.add', { ...term, resource: 'Office365Backup', source: null });
    this.model.pools.push({ ...term, poolId });
  }

  async changePool(step: Extract<Operation, { kind: 'changePool' | 'endPool' }>): Promise<void> {
    const { model } = this;
    const pool = model.pools.at(step.pool % Math.max(1, model.pools.length));
    if (pool === undefined) return;
    const end = Math.max(model.now, pool.startsAt);
    const isOver = pool.expiresAt !== null && pool.expiresAt <= end;
    const wanted =
      step.kind === 'endPool'
        ? { ...pool, expiresAt: isOver ? pool.expiresAt : end }
        : {
            ...pool,
            seats: step.seats,
            startsAt: step.start === null ? pool.startsAt : model.now + step.start * day,
            expiresAt: step.days === null ? null : model.now + step.days * day,
          };
    const isInverted =
      step.kind === 'changePool' && wanted.expiresAt !== null && wanted.expiresAt <= wanted.startsAt;
    const isChanged = !isDeepStrictEqual(wanted, pool);
    const expected = !isInverted && (!isChanged || model.fits(wanted, model.lines));
    const which = { poolId: pool.poolId, expected: 'any' } as const;
    const change =
      step.kind === 'endPool'
        ? this.make('pool.end', which)
        : this.make('pool.change', { ...wanted, ...which });
    const changed = await this.accepted(change);
    assert.equal(
      changed !== false,
      expected,
      `${JSON.stringify(step)} was ${expected ? 'refused' : 'accepted'}`,
    );
    if (changed !== false) model.pools = [...model.pools.filter((other) => other !== pool), wanted];
  }

  async shiftUsers(step: Extract<Operation, { kind: 'assign' | 'release' }>): Promise<void> {
    const { model } = this;
    const customerId = this.customerOf(step.customer);
    const keyOf = (user: string) => `${customerId} ${backup} ${user}`;
    const named = [...new Set(step.users)];
    const holding = { customerId, productType: backup };
    if (step.kind === 'release') {
      await this.make('seats.release', { ...holding, users: step.users, userIds: [] });
      for (const user of named) model.holders.delete(keyOf(user));
      return;
    }
    const joining = named.filter((user) => !model.holders.has(keyOf(user)));
    const available = model.purchased(customerId, backup) - model.assigned(customerId, backup);
    const expected = joining.length === 0 || joining.length <= available;
    const assigned = await this.accepted(this.make('seats.assign', { ...holding, users: step.users }));
    assert.equal(
      assigned !== false,
      expected,
      `${JSON.stringify(step)} was ${expected ? 'refused' : 'accepted'}`,
    );
    if (assigned !== false) for (const user of joining) model.holders.add(keyOf(user));
  }

  async importLine(step: Extract<Operation, { kind: 'import' }>): Promise<void> {
    const { model } = this;
    const customerId = this.customerOf(step.customer);
    const known = this.#importedIds.get(step.externalId);
    const row = {
      line: 1,
      customerId,
      organization: null,
      productType: backup,
      resource: 'Office365EXODBackup',
      seats: step.seats,
      startsAt: null,
      expiresAt: null,
      source: 'file',
      externalId: step.externalId,
      licenceType: 'enterprise',
    } as const;
    const input = { rowsPath: '', dryRun: false, replace: step.replace, customers: 'all' } as const;
    const report = await this.accepted(this.make('lines.import', input, { rows: [row] }));
    assert.equal(report !== false, known === undefined || known.customerId === customerId);
    if (report === false) return;
    const startsAt = model.lines.find(({ lineId }) => lineId === known?.lineId)?.startsAt ?? model.now;
    // The line is added before others end.
    const lineId = known?.lineId ?? report.sequence - report.ended;
    this.#importedIds.set(step.externalId, { lineId, customerId });
    const imported = { ...row, lineId, startsAt, expiresAt: null, poolId: null };
    model.lines = [...model.lines.filter((line) => line.lineId !== lineId), imported];
    if (!step.replace) return;
    // Lines of the file's source that it does not name end, but never those from a pool.
    model.lines = model.lines.map((line) => {
      const end = Math.max(model.now, line.startsAt);
      const isLeftOut = line.source === 'file' && line.poolId === null && line.lineId !== lineId;
      return isLeftOut && (line.expiresAt === null || line.expiresAt > end)
        ? { ...line, expiresAt: end }
        : line;
    });
  }

  async check(): Promise<void> {
    const { store, model } = this;
    const seatsNow = readSeats(store.reads, { now: () => model.now });
    const { sequence } = await store.reads.record.head(store.partnerId);
    for (const pool of model.pools) {
      assert.ok(model.fits(pool, model.lines), 'the model oversold a pool');
      const occupation = await store.reads.ledger.poolOccupation(store.partnerId, pool.poolId, model.now);
      assert.deepEqual(occupation, model.occupation(pool.poolId));
    }
    for (const customerId of modelCustomers) {
      const expected = {
        purchased: model.purchased(customerId, backup),
        assigned: model.assigned(customerId, backup),
      };
      const answer = await seatsNow.get(store.partnerId, customerId, backup);
      assert.ok(answer.known);
      const { purchased, assigned, available } = answer.seats;
      assert.deepEqual({ purchased, assigned }, expected);
      assert.equal(available, purchased - assigned);
      this.answers.push({ sequence, customerId, purchased, assigned });
    }
  }

  /** As-of by sequence is what was answered right after the change of that sequence. */
  async checkPast(): Promise<void> {
    const { store } = this;
    const seatsNow = readSeats(store.reads, { now: () => this.model.now });
    const seen = new Set<string>();
    for (const { sequence, customerId, ...expected } of this.answers) {
      // Later answers at the same sequence are of later terms.
      if (seen.has(`${sequence} ${customerId}`)) continue;
      seen.add(`${sequence} ${customerId}`);
      const moment = await seatsNow.moment(store.partnerId, { at: null, sequence });
      assert.ok(typeof moment !== 'string');
      const filter = {
        customers: [customerId],
        groupId: null,
        productType: backup,
        availableBelow: null,
        availableShareBelow: null,
      } as const;
      const reading = { moment, filter, after: null };
      const { signal } = new AbortController();
      const [row = { purchased: 0, assigned: 0 }] = await seatsNow.lists.page(
        store.partnerId,
        reading,
        1,
        signal,
      );
      assert.deepEqual({ purchased: row.purchased, assigned: row.assigned }, expected);
    }
  }

  async checkReplay(): Promise<void> {
    const broken: (string | undefined)[] = [];
    await this.store.readWhole(async (connection) => {
      for await (const found of verifyStore(connection, { head: undefined })) broken.push(found.broken);
    });
    assert.deepEqual(broken, [undefined]);
  }
}

test('never oversells, conserves seats, equals its replay and remembers every answer', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 20, maxLength: 60, size: 'max' }), async (steps) => {
      const store = await openTestStore();
      try {
        const play = new Play(store);
        for (const customerId of modelCustomers)
          await play.make('customer.create', { customerId, facts: {} });
        await play.check();
        for (const step of steps) {
          await play.perform(step);
          await play.check();
        }
        await play.checkPast();
        await play.checkReplay();
      } finally {
        store.close();
      }
    }),
    { numRuns: runs(testEngine === 'sqlite' ? 150 : 20) },
  );
});

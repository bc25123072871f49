/** The ledger as a model that a person can check by reading, and random operations for it and for the real one. */

import type { CustomerId, ProductType } from '@seatledger/contract';
import fc from 'fast-check';
import { customer } from './identity.ts';
import { someDay } from './store.ts';

export const modelCustomers = [customer('ada'), customer('bob')];

interface ModelTerm {
  readonly startsAt: number;
  readonly expiresAt: number | null;
  readonly seats: number;
}
interface ModelLine extends ModelTerm {
  readonly lineId: number;
  readonly customerId: CustomerId;
  readonly productType: ProductType;
  readonly resource: string;
  readonly poolId: number | null;
  readonly source: string;
}
interface ModelPool extends ModelTerm {
  readonly poolId: number;
}

/** Everything there is, in lists; every rule is written out as its sentence says it. */
export class Model {
  now = someDay;
  lines: ModelLine[] = [];
  pools: ModelPool[] = [];
  readonly holders = new Set<string>();

  isActive({ startsAt, expiresAt }: ModelTerm, at: number): boolean {
    return startsAt <= at && (expiresAt === null || at < expiresAt);
  }

  purchased(customerId: CustomerId, productType: ProductType): number {
    const sums = new Map<string, number>();
    for (const line of this.lines) {
      if (line.customerId !== customerId || line.productType !== productType) continue;
      if (this.isActive(line, this.now)) sums.set(line.resource, (sums.get(line.resource) ?? 0) + line.seats);
    }
    return Math.max(0, ...sums.values());
  }

  assigned(customerId: CustomerId, productType: ProductType): number {
    return [...this.holders].filter((key) => key.startsWith(`${customerId} ${productType} `)).length;
  }

  occupied(poolId: number, at: number, lines: readonly ModelLine[] = this.lines): number {
    return lines
      .filter((line) => line.poolId === poolId && this.isActive(line, at))
      .reduce((sum, { seats }) => sum + seats, 0);
  }

  /** What is occupied now, and the most from now on. */
  occupation(poolId: number): { occupied: number; occupiedMax: number } {
    const starts = this.lines.map(({ startsAt }) => startsAt).filter((at) => at > this.now);
    const occupied = this.occupied(poolId, this.now);
    return { occupied, occupiedMax: Math.max(occupied, ...starts.map((at) => this.occupied(poolId, at))) };
  }

  /** Whether at every instant, now or later, no more of the pool is occupied than it has within its term. */
  fits(pool: ModelPool, lines: readonly ModelLine[]): boolean {
    const grants = lines.filter(({ poolId }) => poolId === pool.poolId);
    const instants = [...grants, pool].flatMap(({ startsAt, expiresAt }) => [
      startsAt,
      expiresAt ?? startsAt,
    ]);
    return [this.now, ...instants.filter((at) => at > this.now)].every(
      (at) => this.occupied(pool.poolId, at, lines) <= (this.isActive(pool, at) ? pool.seats : 0),
    );
  }

  isWithin(term: ModelTerm, pool: ModelPool): boolean {
    if (term.startsAt < pool.startsAt) return false;
    return pool.expiresAt === null || (term.expiresAt !== null && term.expiresAt <= pool.expiresAt);
  }
}

export type Operation =
  | { readonly kind: 'wait'; readonly days: number }
  | {
      readonly kind: 'addLine';
      readonly customer: number;
      readonly resource: string;
      readonly seats: number;
      readonly start: number;
      readonly days: number | null;
      readonly pool: number | null;
      readonly source: string;
    }
  | {
      readonly kind: 'changeLine';
      readonly line: number;
      readonly seats: number;
      readonly days: number | null;
    }
  | { readonly kind: 'endLine'; readonly line: number }
  | {
      readonly kind: 'addPool';
      readonly seats: number;
      readonly start: number;
      readonly days: number | null;
    }
  | {
      readonly kind: 'changePool';
      readonly pool: number;
      readonly seats: number;
      readonly start: number | null;
      readonly days: number | null;
    }
  | { readonly kind: 'endPool'; readonly pool: number }
  | { readonly kind: 'assign'; readonly customer: number; readonly users: readonly string[] }
  | { readonly kind: 'release'; readonly customer: number; readonly users: readonly string[] }
  | {
      readonly kind: 'import';
      readonly seats: number;
      readonly externalId: string;
      readonly customer: number;
      readonly replace: boolean;
    };

const index = fc.nat({ max: 9 });
const seats = fc.nat({ max: 12 });
const days = fc.option(fc.integer({ min: 1, max: 12 }), { freq: 3 });
const start = fc.integer({ min: -4, max: 6 });
const users = fc.array(fc.constantFrom('u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7', 'u8'), {
  minLength: 1,
  maxLength: 5,
});
/** Grants from a pool that others are in are where it can go wrong, so they are the most frequent. */
export const operation: fc.Arbitrary<Operation> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('wait' as const), days: fc.integer({ min: 0, max: 4 }) }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('addLine' as const),
      customer: index,
      resource: fc.constantFrom('Office365Backup', 'Office365Backup', 'Office365PPBackup'),
      seats,
      start,
      days,
      pool: fc.option(index, { freq: 6 }),
      source: fc.constantFrom('file', 'api'),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('addLine' as const),
      customer: index,
      resource: fc.constant('PartnerTenantSettingManagement'),
      seats,
      start,
      days,
      pool: fc.constant(null),
      source: fc.constant('api'),
    }),
  },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('changeLine' as const), line: index, seats, days }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('endLine' as const), line: index }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('addPool' as const),
      seats: fc.integer({ min: 5, max: 20 }),
      start: fc.integer({ min: -9, max: 0 }),
      days: fc.option(fc.integer({ min: 9, max: 30 }), { freq: 2 }),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('changePool' as const),
      pool: index,
      seats,
      start: fc.option(start, { freq: 1 }),
      days,
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('endPool' as const), pool: index }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('assign' as const), customer: index, users }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('release' as const), customer: index, users }) },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('import' as const),
      seats,
      externalId: fc.constantFrom('x1', 'x2'),
      customer: index,
      replace: fc.boolean(),
    }),
  },
);

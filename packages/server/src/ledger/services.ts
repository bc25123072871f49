/**
 * Services as the partner contract adds them: one or several at once, all of them or none, and a reason where it is none.
 *
 * What was asked for before is told apart from what is new by its values, so a request that is sent again adds nothing.
 */

import type { ServiceOutcome } from '@seatledger/contract';
import { customerAtWork, refuseBody } from '../estate/index.ts';
import type { ChangeContext, Outcome } from '../record/index.ts';
import { HoldingsAtWork, linesOfHoldingMax } from './holdings.ts';
import { recordLine } from './lineState.ts';
import { detailsAfter, type LineStores } from './lines.ts';
import type { Holding, LineDetails, Pool, PoolStore, SubscriptionLine } from './ports.ts';
import { isActive } from './seats.ts';

interface Service {
  readonly resource: string;
  readonly source: string;
  readonly details: LineDetails;
}

interface PooledService extends Service {
  readonly seats: number;
  /** Epoch milliseconds; `as_pool` where it ends with its pool. */
  readonly expiresAt: number | 'as_pool';
}

/** A trial is as long and as large as this. Our own decision: the contract names neither. */
const trialDays = 30;
const trialSeats = 25;
const dayMs = 86_400_000;

/** A line that is about to be added. */
type PlannedLine = Omit<SubscriptionLine, 'changedSequence' | 'lineId'>;

/**
 * Adds lines from the first pool of each resource that has the seats for the whole term, from now on.
 *
 * The services are of one resource each. Throws `customer_not_found`, and `body_invalid` where the customer has as many lines of the product as it can have.
 */
export async function addServices(
  { estate, ledger, pools }: LineStores,
  context: ChangeContext,
  { customerId, productType, services }: Holding & { services: readonly PooledService[] },
): Promise<Outcome<ServiceOutcome>> {
  const { partnerId } = context;
  await customerAtWork(estate, { partnerId, customerId, expected: 'any' });
  const poolsByResource = await lockPools(pools, partnerId, services);
  const now = await context.instant();
  const holdings = new HoldingsAtWork(ledger, { partnerId, continuedAfter: null });
  await holdings.load([{ customerId, productType }]);
  const lines = [...holdings.linesOf({ customerId, productType }).values()];
  const planned: PlannedLine[] = [];
  for (const service of services) {
    const found = await findPool(
      { pools, partnerId, now },
      service,
      (poolsByResource.get(service.resource) ?? []).filter((pool) => isInForceFrom(now, pool)),
      lines.filter((line) => line.resource === service.resource && isActive(line, now)),
    );
    if (typeof found === 'string') return { keep: false, result: found };
    const { expiresAt, ...given } = service;
    planned.push({
      ...given,
      ...ofNewLine({ customerId, productType }, service, now),
      expiresAt: endIn(found, expiresAt),
      licenceType: 'enterprise',
      poolId: found.poolId,
    });
  }
  for (const line of planned) if (line.poolId !== null) await pools.occupy(partnerId, line.poolId, line);
  await keepLines(context, holdings, planned);
  return { keep: true, result: 'added' };
}

/** Adds a line of a trial, from now on. Throws as `addServices`. */
export async function addTrial(
  { estate, ledger }: LineStores,
  context: ChangeContext,
  { customerId, productType, ...service }: Holding & Service,
): Promise<Outcome<ServiceOutcome>> {
  const { partnerId } = context;
  await customerAtWork(estate, { partnerId, customerId, expected: 'any' });
  const now = await context.instant();
  const holdings = new HoldingsAtWork(ledger, { partnerId, continuedAfter: null });
  await holdings.load([{ customerId, productType }]);
  const trial: PlannedLine = {
    ...service,
    ...ofNewLine({ customerId, productType }, service, now),
    seats: trialSeats,
    expiresAt: now + trialDays * dayMs,
    licenceType: 'trial',
    poolId: null,
  };
  const active = [...holdings.linesOf(trial).values()].filter(
    (line) => line.resource === trial.resource && isActive(line, now),
  );
  if (active.length > 0) {
    const isThere = active.some((line) => line.poolId === null && isOfSameValues(line, trial));
    return { keep: false, result: isThere ? 'same_exists' : 'other_exists' };
  }
  await keepLines(context, holdings, [trial]);
  return { keep: true, result: 'added' };
}

/** Locks them in one order, whoever asks for them in which. */
async function lockPools(
  pools: PoolStore,
  partnerId: number,
  services: readonly Service[],
): Promise<ReadonlyMap<string, readonly Pool[]>> {
  const found = new Map<string, readonly Pool[]>();
  for (const resource of [...new Set(services.map((service) => service.resource))].toSorted())
    found.set(resource, await pools.lockPoolsOf(partnerId, resource));
  return found;
}

/** The pool that the service is taken from, or the first reason why there is none. */
async function findPool(
  at: { pools: PoolStore; partnerId: number; now: number },
  service: PooledService,
  pools: readonly Pool[],
  active: readonly SubscriptionLine[],
): Promise<Pool | Exclude<ServiceOutcome, 'added'>> {
  const { now } = at;
  const { expiresAt: asked } = service;
  if (pools.length === 0) return 'no_pool';
  if (asked !== 'as_pool' && asked <= now) return 'end_past';
  const longEnough = pools.filter((pool) => isMonthFrom(now, endIn(pool, asked)));
  if (longEnough.length === 0) return 'term_too_short';
  const fitting = longEnough.filter((pool) => isWithin(endIn(pool, asked), pool));
  if (fitting.length === 0) return 'beyond_pool_end';
  if (active.length > 0) {
    const details = detailsAfter({}, service.details);
    const isThere = active.some((line) => {
      const pool = pools.find(({ poolId }) => poolId === line.poolId);
      if (pool === undefined || line.expiresAt !== endIn(pool, asked)) return false;
      return isOfSameValues(line, { ...service, details, licenceType: 'enterprise' });
    });
    return isThere ? 'same_exists' : 'other_exists';
  }
  for (const pool of fitting) {
    if (await hasRoom(at, pool, { seats: service.seats, expiresAt: endIn(pool, asked) })) return pool;
  }
  return 'seats_insufficient';
}

/** Whether so many seats of the pool are free from now to the end. */
async function hasRoom(
  { pools, partnerId, now }: { pools: PoolStore; partnerId: number; now: number },
  pool: Pool,
  { seats, expiresAt }: { seats: number; expiresAt: number | null },
): Promise<boolean> {
  const left = pool.seats - seats;
  if (left < 0 || pool.startsAt > now) return false;
  const window = { from: now, to: expiresAt, seats: left };
  return (await pools.firstBeyond(partnerId, pool.poolId, window)) === undefined;
}

/** Now or later. A pool that was ended before it began never is. */
function isInForceFrom(now: number, { startsAt, expiresAt }: Pool): boolean {
  return expiresAt === null || expiresAt > Math.max(now, startsAt);
}

function endIn(pool: Pool, asked: number | 'as_pool'): number | null {
  return asked === 'as_pool' ? pool.expiresAt : asked;
}

function isWithin(end: number | null, pool: Pool): boolean {
  return pool.expiresAt === null || (end !== null && end <= pool.expiresAt);
}

/** Counted in days of UTC, because ends are such days: what ends on the same day of the next month has a month. */
function isMonthFrom(now: number, end: number | null): boolean {
  if (end === null) return true;
  const from = new Date(now);
  const [year, nextMonth] = [from.getUTCFullYear(), from.getUTCMonth() + 1];
  const lastDay = new Date(Date.UTC(year, nextMonth + 1, 0)).getUTCDate();
  return end >= Date.UTC(year, nextMonth, Math.min(from.getUTCDate(), lastDay));
}

type ServiceValues = Pick<SubscriptionLine, 'details' | 'licenceType' | 'seats' | 'source'>;

function isOfSameValues(line: ServiceValues, other: ServiceValues): boolean {
  return (
    line.seats === other.seats &&
    line.source === other.source &&
    line.licenceType === other.licenceType &&
    JSON.stringify(line.details) === JSON.stringify(other.details)
  );
}

/** What every line has that is added so. */
function ofNewLine({ customerId, productType }: Holding, { details }: Service, now: number) {
  return {
    customerId,
    productType,
    startsAt: now,
    startGiven: false,
    externalId: null,
    details: detailsAfter({}, details),
  };
}

async function keepLines(
  { recorder }: ChangeContext,
  holdings: HoldingsAtWork,
  planned: readonly PlannedLine[],
): Promise<void> {
  for (const line of planned) {
    if (holdings.linesOf(line).size >= linesOfHoldingMax) refuseBody('product', 'lines_too_many');
    const lineId = await recorder.nextSequence();
    const added: SubscriptionLine = { ...line, lineId, changedSequence: lineId };
    await recordLine(recorder, 'line.added', null, added);
    holdings.add(added);
  }
  await holdings.store();
}

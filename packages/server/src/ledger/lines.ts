/** Subscription lines, one at a time: adding, changing and ending them. A grant is a line from a pool, which it occupies. */

import {
  type CustomerId,
  type LicenceType,
  type LineDetailName,
  isPlainText,
  ProblemError,
} from '@seatledger/contract';
import { customerAtWork, type EstateStore, refuseBody } from '../estate/index.ts';
import { type ChangeContext, type ExpectedVersion, type Outcome, requireVersion } from '../record/index.ts';
import { HoldingsAtWork, linesOfHoldingMax } from './holdings.ts';
import { externalIdLengthMax, sourceLengthMax } from './importRow.ts';
import { recordLine } from './lineState.ts';
import { refuseOverdraw } from './pools.ts';
import type { Holding, LedgerStore, LineDetails, Pool, PoolStore, SubscriptionLine } from './ports.ts';
import { refuseBadSeats, refuseInvertedTerm } from './termChecks.ts';

export interface LineStores {
  readonly ledger: LedgerStore;
  readonly pools: PoolStore;
  readonly estate: EstateStore;
}

/** Details to set; null removes one. */
export type DetailsChange = { readonly [Name in LineDetailName]?: string | null };

interface NewLine extends Holding {
  readonly resource: string;
  readonly seats: number;
  /** Epoch milliseconds; null means now. */
  readonly startsAt: number | null;
  /** Null where it does not end; undefined for a grant means the end of its pool. */
  readonly expiresAt: number | null | undefined;
  readonly source: string | null;
  readonly externalId: string | null;
  readonly licenceType: LicenceType;
  readonly details: DetailsChange;
  /** The pool that it is to be a grant from. */
  readonly poolId: number | null;
}

/** Which line is meant, and who asks. */
interface LineVersion {
  readonly customerId: CustomerId;
  readonly lineId: number;
  readonly expected: ExpectedVersion;
  /** Whether the caller may do what concerns pools. */
  readonly mayGrant: boolean;
}

interface LineChange extends LineVersion {
  readonly seats?: number | undefined;
  readonly startsAt?: number | undefined;
  readonly expiresAt?: number | null | undefined;
  readonly licenceType?: LicenceType | undefined;
  readonly details?: DetailsChange | undefined;
}

/** The sources of lines that name none. */
const defaultLineSource = 'api';
const detailLengthMax = 200;

/** Throws `customer_not_found`, `external_id_taken`, `pool_insufficient` and `body_invalid`. */
export async function addLine(
  stores: LineStores,
  context: ChangeContext,
  request: NewLine,
): Promise<Outcome<SubscriptionLine>> {
  const { partnerId, recorder } = context;
  await customerAtWork(stores.estate, {
    partnerId,
    customerId: request.customerId,
    expected: 'any',
  });
  const pool = await poolOfRequest(stores.pools, partnerId, request);
  const now = await context.instant();
  const { externalId, details, expiresAt, ...given } = request;
  const line = {
    ...given,
    startsAt: request.startsAt ?? now,
    startGiven: request.startsAt !== null,
    expiresAt: expiresAt === undefined ? (pool?.expiresAt ?? null) : expiresAt,
    source: request.source ?? pool?.source ?? defaultLineSource,
    externalId,
    details: detailsAfter({}, details),
  };
  refuseBadLine(line);
  if (pool !== undefined) refuseOutsideTerm(line, pool);
  if (externalId !== null && (await stores.ledger.linesByExternalId(partnerId, [externalId])).length > 0)
    throw new ProblemError('external_id_taken');
  const holdings = new HoldingsAtWork(stores.ledger, { partnerId, continuedAfter: null });
  await holdings.load([line]);
  if (holdings.linesOf(line).size >= linesOfHoldingMax) refuseBody('productType', 'lines_too_many');
  await moveOccupation(stores.pools, { partnerId, pool, now, before: null, after: line });

  const lineId = await recorder.nextSequence();
  const added: SubscriptionLine = { ...line, lineId, changedSequence: lineId };
  await recordLine(recorder, 'line.added', null, added);
  holdings.add(added);
  await holdings.store();
  return { keep: true, result: added };
}

/**
 * Changes seats, term, licence type or details; what is as it was is no change.
 *
 * Throws `customer_not_found`, `line_not_found`, `version_changed`, `customer_scope_insufficient` for a grant, `pool_insufficient` and
 * `body_invalid`.
 */
export async function changeLine(
  stores: LineStores,
  context: ChangeContext,
  request: LineChange,
): Promise<Outcome<SubscriptionLine>> {
  const line = await lineAtWork(stores, context.partnerId, request);
  const { seats, startsAt, expiresAt, licenceType, details } = request;
  const changed: SubscriptionLine = {
    ...line,
    seats: seats ?? line.seats,
    startsAt: startsAt ?? line.startsAt,
    startGiven: line.startGiven || startsAt !== undefined,
    expiresAt: expiresAt === undefined ? line.expiresAt : expiresAt,
    licenceType: licenceType ?? line.licenceType,
    details: detailsAfter(line.details, details ?? {}),
  };
  refuseBadLine(changed, { isTermChanged: !hasSameTerm(line, changed) });
  return keepLine(stores, context, { kind: 'line.changed', before: line, after: changed });
}

/** Ends the line now, or at its start where that is still to come. Throws as `changeLine`. */
export async function endLine(
  stores: LineStores,
  context: ChangeContext,
  request: LineVersion,
): Promise<Outcome<SubscriptionLine>> {
  const line = await lineAtWork(stores, context.partnerId, request);
  const end = Math.max(await context.instant(), line.startsAt);
  if (line.expiresAt !== null && line.expiresAt <= end) return { keep: false, result: line };
  return keepLine(stores, context, { kind: 'line.ended', before: line, after: { ...line, expiresAt: end } });
}

async function lineAtWork(
  { ledger, estate }: LineStores,
  partnerId: number,
  { customerId, lineId, expected, mayGrant }: LineVersion,
): Promise<SubscriptionLine> {
  await customerAtWork(estate, { partnerId, customerId, expected: 'any' });
  const line = await ledger.lineOf(partnerId, customerId, lineId);
  if (line === undefined) throw new ProblemError('line_not_found');
  if (line.poolId !== null && !mayGrant) throw new ProblemError('customer_scope_insufficient');
  requireVersion(expected, line.changedSequence);
  return line;
}

async function keepLine(
  { ledger, pools }: LineStores,
  { partnerId, recorder, instant }: ChangeContext,
  {
    kind,
    before,
    after,
  }: { kind: 'line.changed' | 'line.ended'; before: SubscriptionLine; after: SubscriptionLine },
): Promise<Outcome<SubscriptionLine>> {
  if (JSON.stringify(before) === JSON.stringify(after)) return { keep: false, result: before };
  const pool = before.poolId === null ? undefined : await pools.lockPool(partnerId, before.poolId);
  // What is given back may have been outside: the pool's term can change where nothing is occupied, now or later.
  const isGivenBack = kind === 'line.ended';
  if (pool !== undefined && !isGivenBack && !hasSameTerm(before, after)) refuseOutsideTerm(after, pool);
  await moveOccupation(pools, { partnerId, pool, now: await instant(), before, after });
  const holdings = new HoldingsAtWork(ledger, { partnerId, continuedAfter: null });
  await holdings.load([before]);
  const result = { ...after, changedSequence: await recorder.nextSequence() };
  await recordLine(recorder, kind, before, result);
  holdings.replace(before, result);
  await holdings.store();
  return { keep: true, result };
}

async function poolOfRequest(
  pools: PoolStore,
  partnerId: number,
  { poolId, resource }: NewLine,
): Promise<Pool | undefined> {
  if (poolId === null) return undefined;
  const pool = await pools.lockPool(partnerId, poolId);
  if (pool === undefined) return refuseBody('poolId', 'pool_not_found');
  if (pool.resource !== resource) refuseBody('poolId', 'pool_of_other_resource');
  return pool;
}

type Occupation = Pick<SubscriptionLine, 'expiresAt' | 'seats' | 'startsAt'>;

/** Gives back to the pool what the grant occupied and takes what it is to occupy. Throws `pool_insufficient`. */
async function moveOccupation(
  pools: PoolStore,
  {
    partnerId,
    pool,
    now,
    before,
    after,
  }: {
    partnerId: number;
    pool: Pool | undefined;
    now: number;
    before: Occupation | null;
    after: Occupation;
  },
): Promise<void> {
  if (pool === undefined) return;
  const { poolId } = pool;
  if (before !== null) await pools.occupy(partnerId, poolId, { ...before, seats: -before.seats });
  await pools.occupy(partnerId, poolId, after);
  const window = { from: after.startsAt, to: after.expiresAt };
  await refuseOverdraw(pools, { partnerId, pool, now, window });
}

/** A grant lies within the term of its pool. */
function refuseOutsideTerm({ startsAt, expiresAt }: Occupation, pool: Pool): void {
  if (startsAt < pool.startsAt) {
    const begins = new Date(pool.startsAt).toISOString();
    refuseBody('startsAt', 'before_pool_start', `The pool begins at ${begins}.`);
  }
  if (pool.expiresAt !== null && (expiresAt === null || expiresAt > pool.expiresAt)) {
    const ends = new Date(pool.expiresAt).toISOString();
    refuseBody('expiresAt', 'beyond_pool_end', `The pool ends at ${ends}.`);
  }
}

function refuseBadLine(
  line: Omit<SubscriptionLine, 'changedSequence' | 'lineId'>,
  { isTermChanged = true }: { isTermChanged?: boolean } = {},
): void {
  refuseBadSeats(line.seats);
  // A line that was ended before it began keeps its empty term while other things of it change.
  if (isTermChanged) refuseInvertedTerm(line);
  if (!isPlainText(line.source, sourceLengthMax)) refuseBody('source', 'value_invalid');
  if (line.externalId !== null && !isPlainText(line.externalId, externalIdLengthMax))
    refuseBody('externalId', 'value_invalid');
  for (const [name, text] of Object.entries(line.details)) {
    if (!isPlainText(text, detailLengthMax)) refuseBody(`details.${name}`, 'value_invalid');
  }
}

function hasSameTerm(line: SubscriptionLine, other: SubscriptionLine): boolean {
  return line.startsAt === other.startsAt && line.expiresAt === other.expiresAt;
}

/** In the order of their names, so that equal details are equal texts. */
export function detailsAfter(details: LineDetails, change: DetailsChange): LineDetails {
  const merged = Object.entries({ ...details, ...change }).filter(([, text]) => text !== null);
  return Object.fromEntries(merged.toSorted(([one], [other]) => (one < other ? -1 : 1)));
}

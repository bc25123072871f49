/** Applies the rows of an import to the ledger: all of them, or none. */

import {
  type CustomerId,
  type FieldProblem,
  type ImportReport,
  fieldProblem,
  importEndedListedMax,
  importErrorsNamedMax,
  ProblemError,
} from '@seatledger/contract';
import { createMissingCustomers, type EstateStore } from '../estate/index.ts';
import type { ChangeContext, NewEvent, Outcome } from '../record/index.ts';
import { HoldingsAtWork, linesOfHoldingMax } from './holdings.ts';
import type { ImportRow } from './importRow.ts';
import { lineEvent } from './lineState.ts';
import type { LedgerStore, LinePosition, SubscriptionLine } from './ports.ts';
import { SequenceSet } from './sequenceSet.ts';

/**
 * How many rows are worked on at once. What is kept in memory is in proportion to it, and so is what the collector copies again and again; and
 * where changes have no thread of their own, requests wait for as long as these take.
 */
const rowsAtOnce = 150;

export interface ImportRequest {
  /** Some at a time, in parts of any size. */
  readonly rows: AsyncIterable<readonly ImportRow[]>;
  readonly dryRun: boolean;
  /** Whether to end the lines that the rows do not have, of each source that they name. */
  readonly replace: boolean;
  /** The customers that the caller sees. */
  readonly customers: 'all' | ReadonlySet<CustomerId>;
}

interface Import extends ImportRequest {
  readonly ledger: LedgerStore;
  readonly estate: EstateStore;
  readonly context: ChangeContext;
  /** The instant of the import; epoch milliseconds. */
  readonly now: number;
  /** The lines that a row named. */
  readonly named: SequenceSet;
  readonly sources: Set<string>;
  readonly errors: FieldProblem[];
  errorCount: number;
  /** Whether an earlier part of the rows was applied. */
  isContinued: boolean;
  readonly report: { -readonly [Key in keyof ImportReport]: ImportReport[Key] };
}

/** Throws `import_invalid`, naming the first bad lines and counting the rest. */
export async function importLines(
  stores: { ledger: LedgerStore; estate: EstateStore },
  context: ChangeContext,
  request: ImportRequest,
): Promise<Outcome<ImportReport>> {
  const work: Import = {
    ...request,
    ...stores,
    context,
    now: await context.instant(),
    named: new SequenceSet(),
    sources: new Set(),
    errors: [],
    errorCount: 0,
    isContinued: false,
    report: {
      dryRun: request.dryRun,
      lines: 0,
      added: 0,
      changed: 0,
      unchanged: 0,
      ended: 0,
      customersCreated: 0,
      endedLines: [],
      sequence: 0,
    },
  };
  let rows: ImportRow[] = [];
  for await (const part of request.rows) {
    for (const row of part) {
      if (rows.push(row) < rowsAtOnce) continue;
      await applyRows(work, rows);
      rows = [];
    }
  }
  await applyRows(work, rows);
  if (work.errorCount > 0) {
    throw new ProblemError('import_invalid', { errors: work.errors, errorCount: work.errorCount });
  }
  if (request.replace) await endUnnamedLines(work);
  const { recorder } = context;
  work.report.sequence = request.dryRun
    ? await recorder.sequenceBefore()
    : (await recorder.nextSequence()) - 1;
  return { keep: !request.dryRun, result: work.report };
}

async function applyRows(work: Import, allRows: readonly ImportRow[]): Promise<void> {
  const { ledger, context, report } = work;
  report.lines += allRows.length;
  for (const { source } of allRows) work.sources.add(source);
  const { rows, newCustomers } = await rowsOfKnownCustomers(work, allRows);

  const byExternalId = new Map<string, SubscriptionLine>();
  const externalIds = rows.flatMap(({ externalId }) => (externalId === null ? [] : [externalId]));
  for (const line of await ledger.linesByExternalId(context.partnerId, externalIds)) {
    if (line.externalId !== null) byExternalId.set(line.externalId, line);
  }
  const holdings = await holdingsAtWork(work);
  await holdings.load([...rows, ...byExternalId.values()], newCustomers);
  const firstSequence = await context.recorder.nextSequence();
  const events: NewEvent[] = [];
  for (const row of rows) {
    const event = applyRow(work, holdings, byExternalId, row, firstSequence + events.length);
    if (event !== undefined) events.push(event);
  }
  await context.recorder.appendAll(events);
  await holdings.store();
}

/** The holdings of one part of the import. From its second part on, the change may have left snapshots already. */
async function holdingsAtWork(work: Import): Promise<HoldingsAtWork> {
  const { ledger, context, isContinued } = work;
  const continuedAfter = isContinued ? await context.recorder.sequenceBefore() : null;
  work.isContinued = true;
  return new HoldingsAtWork(ledger, { partnerId: context.partnerId, continuedAfter });
}

/** The rows whose customer the caller sees. One that sees all brings in those that are not there yet. */
async function rowsOfKnownCustomers(
  work: Import,
  rows: readonly ImportRow[],
): Promise<{ rows: readonly ImportRow[]; newCustomers: ReadonlySet<CustomerId> }> {
  const { estate, context, customers, report } = work;
  if (customers === 'all') {
    const named = rows.map(({ customerId, organization }) => ({
      customerId,
      organization: organization ?? customerId,
    }));
    const newCustomers = new Set(await createMissingCustomers(estate, context, named));
    report.customersCreated += newCustomers.size;
    return { rows, newCustomers };
  }
  const seen = [...new Set(rows.map(({ customerId }) => customerId))].filter((id) => customers.has(id));
  const known = new Set(await estate.customersAmong(context.partnerId, seen));
  const knownRows = rows.filter(({ customerId, line }) => {
    // Whether the customer is there at all is not for this caller to know: both are the same error.
    if (!known.has(customerId)) refuse(work, fieldProblem('customerId', 'customer_not_found', { line }));
    return known.has(customerId);
  });
  return { rows: knownRows, newCustomers: new Set() };
}

/** The event that the row comes to, which has the sequence; undefined where it changes nothing, or is refused. */
function applyRow(
  work: Import,
  holdings: HoldingsAtWork,
  byExternalId: Map<string, SubscriptionLine>,
  row: ImportRow,
  sequence: number,
): NewEvent | undefined {
  const { now } = work;
  const known = row.externalId === null ? unnumberedLine(holdings, row) : byExternalId.get(row.externalId);
  const startsAt = row.startsAt ?? known?.startsAt ?? now;
  const problem = problemOf(row, known, startsAt);
  if (problem !== undefined) return refuse(work, problem);
  if (known !== undefined && !work.named.add(known.lineId)) {
    const field = row.externalId === null ? 'customerId' : 'externalId';
    return refuse(work, fieldProblem(field, 'line_twice', { line: row.line }));
  }

  if (known === undefined && holdings.linesOf(row).size >= linesOfHoldingMax) {
    return refuse(work, fieldProblem('productType', 'lines_too_many', { line: row.line }));
  }

  const wanted: SubscriptionLine = {
    lineId: known?.lineId ?? sequence,
    customerId: row.customerId,
    productType: row.productType,
    resource: row.resource,
    seats: row.seats,
    startsAt,
    startGiven: row.startsAt !== null || (known?.startGiven ?? false),
    expiresAt: row.expiresAt,
    source: row.source,
    externalId: row.externalId,
    licenceType: row.licenceType,
    poolId: null,
    details: known?.details ?? {},
    changedSequence: sequence,
  };
  if (known === undefined) {
    holdings.add(wanted);
    work.named.add(wanted.lineId);
    if (wanted.externalId !== null) byExternalId.set(wanted.externalId, wanted);
    work.report.added++;
    return lineEvent('line.added', null, wanted);
  }
  if (isSame(known, wanted)) {
    work.report.unchanged++;
    return undefined;
  }
  holdings.replace(known, wanted);
  work.report.changed++;
  return lineEvent('line.changed', known, wanted);
}

/** A line without external id is the same line by its customer, product, resource, source and the start given. */
function unnumberedLine(holdings: HoldingsAtWork, row: ImportRow): SubscriptionLine | undefined {
  for (const line of holdings.linesOf(row).values()) {
    const sameStart =
      row.startsAt === null ? !line.startGiven : line.startGiven && line.startsAt === row.startsAt;
    if (line.poolId !== null) continue;
    if (line.externalId === null && line.resource === row.resource && line.source === row.source && sameStart)
      return line;
  }
  return undefined;
}

function problemOf(
  row: ImportRow,
  known: SubscriptionLine | undefined,
  startsAt: number,
): FieldProblem | undefined {
  if (known !== undefined && known.customerId !== row.customerId) {
    return fieldProblem('externalId', 'external_id_of_other_customer', { line: row.line });
  }
  if (known !== undefined && known.poolId !== null) {
    return fieldProblem('externalId', 'line_of_pool', { line: row.line });
  }
  if (row.expiresAt !== null && row.expiresAt <= startsAt && !isVoid(known, row.expiresAt)) {
    return fieldProblem('expiresAt', 'term_inverted', { line: row.line });
  }
  return undefined;
}

/** Whether the line was ended before it began; a file that says so too says nothing new. */
function isVoid(known: SubscriptionLine | undefined, expiresAt: number): boolean {
  return known !== undefined && known.startsAt === known.expiresAt && known.expiresAt === expiresAt;
}

function isSame(line: SubscriptionLine, other: SubscriptionLine): boolean {
  return (
    line.productType === other.productType &&
    line.resource === other.resource &&
    line.seats === other.seats &&
    line.startsAt === other.startsAt &&
    line.startGiven === other.startGiven &&
    line.expiresAt === other.expiresAt &&
    line.source === other.source &&
    line.licenceType === other.licenceType
  );
}

/** Ends the lines of the sources named that no row named: now, or at their start where that is still to come. */
async function endUnnamedLines(work: Import): Promise<void> {
  const { ledger, context } = work;
  let after: LinePosition | null = null;
  for (;;) {
    const lines: readonly SubscriptionLine[] = await ledger.linesAfter(context.partnerId, after, rowsAtOnce);
    const last = lines.at(-1);
    if (last === undefined) return;
    await endLines(
      work,
      lines.filter((line) => isLeftOut(work, line)),
    );
    after = last;
  }
}

function isLeftOut({ customers, sources, named, now }: Import, line: SubscriptionLine): boolean {
  const endsAnyway = line.expiresAt !== null && line.expiresAt <= Math.max(now, line.startsAt);
  return (
    !endsAnyway &&
    line.poolId === null &&
    sources.has(line.source) &&
    !named.has(line.lineId) &&
    (customers === 'all' || customers.has(line.customerId))
  );
}

async function endLines(work: Import, lines: readonly SubscriptionLine[]): Promise<void> {
  if (lines.length === 0) return;
  const { context, report } = work;
  const holdings = await holdingsAtWork(work);
  await holdings.load(lines);
  const firstSequence = await context.recorder.nextSequence();
  const events: NewEvent[] = [];
  for (const line of lines) {
    const changedSequence = firstSequence + events.length;
    const ended = { ...line, expiresAt: Math.max(work.now, line.startsAt), changedSequence };
    events.push(lineEvent('line.ended', line, ended));
    holdings.replace(line, ended);
    report.ended++;
    if (report.endedLines.length < importEndedListedMax) {
      const { customerId, productType, resource, seats, source, externalId } = line;
      report.endedLines.push({ customerId, productType, resource, seats, source, externalId });
    }
  }
  await context.recorder.appendAll(events);
  await holdings.store();
}

function refuse(work: Import, problem: FieldProblem): undefined {
  work.errorCount++;
  if (work.errors.length < importErrorsNamedMax) work.errors.push(problem);
}

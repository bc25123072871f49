/** A subscription line as events keep it. Events outlive the schema, so what is here is never renamed. */

import type { NewEvent, Recorder } from '../record/index.ts';
import type { LineDetails, SubscriptionLine } from './ports.ts';

export type LineState = Readonly<
  Pick<
    SubscriptionLine,
    | 'customerId'
    | 'externalId'
    | 'licenceType'
    | 'poolId'
    | 'productType'
    | 'resource'
    | 'seats'
    | 'source'
    | 'startGiven'
  > & {
    startsAt: string;
    expiresAt: string | null;
    details: LineDetails;
  }
>;

function lineState(line: SubscriptionLine): LineState {
  return {
    customerId: line.customerId,
    productType: line.productType,
    resource: line.resource,
    seats: line.seats,
    startsAt: instantText(line.startsAt),
    startGiven: line.startGiven,
    expiresAt: line.expiresAt === null ? null : instantText(line.expiresAt),
    source: line.source,
    externalId: line.externalId,
    licenceType: line.licenceType,
    poolId: line.poolId,
    details: line.details,
  };
}

/** The reverse, of the event that the version is of. */
export function lineFromState(lineId: number, changedSequence: number, state: LineState): SubscriptionLine {
  return {
    ...state,
    lineId,
    changedSequence,
    startsAt: Date.parse(state.startsAt),
    expiresAt: state.expiresAt === null ? null : Date.parse(state.expiresAt),
  };
}

/** The last ones, for an import gives many lines one term. */
const texts = new Map<number, string>();
const textsMax = 64;

export function instantText(at: number): string {
  let text = texts.get(at);
  if (text === undefined) {
    text = new Date(at).toISOString();
    if (texts.size === textsMax) texts.clear();
    texts.set(at, text);
  }
  return text;
}

type LineEventKind = 'line.added' | 'line.changed' | 'line.ended';

/** What became of a line. */
export function lineEvent(
  kind: LineEventKind,
  before: SubscriptionLine | null,
  after: SubscriptionLine,
): NewEvent {
  return {
    kind,
    subject: String(after.lineId),
    customerId: after.customerId,
    before: before === null ? null : lineState(before),
    after: lineState(after),
  };
}

/** Puts on record what became of a line. */
export async function recordLine(
  recorder: Recorder,
  kind: LineEventKind,
  before: SubscriptionLine | null,
  after: SubscriptionLine,
): Promise<void> {
  await recorder.append(lineEvent(kind, before, after));
}

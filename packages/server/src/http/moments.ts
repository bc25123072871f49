/** Moments as parameters name them: an instant, or an event. */

import type { Seats } from '../ledger/index.ts';
import type { AsOf, Moment } from '../record/index.ts';
import { instantFromWire } from './instants.ts';
import { refuseParameter } from './page.ts';

type MomentName = 'asOf' | 'from' | 'to';

type MomentQuery = Readonly<
  Partial<Record<MomentName, string>> & Partial<Record<`${MomentName}Sequence`, number>>
>;

export interface AskedMoment extends AsOf {
  /** The parameter that names it; the first of the two where neither does. */
  readonly parameter: MomentName | `${MomentName}Sequence`;
}

/** What the two parameters of the name ask for; neither means now. Throws `parameter_invalid`. */
export function askedMoment(query: MomentQuery, name: MomentName): AskedMoment {
  const { [name]: instant, [`${name}Sequence` as const]: sequence } = query;
  if (instant !== undefined && sequence !== undefined)
    return refuseParameter(name, 'value_invalid', `Use ${name} or ${name}Sequence.`);
  if (sequence !== undefined) return { parameter: `${name}Sequence`, at: null, sequence };
  if (instant === undefined) return { parameter: name, at: null, sequence: null };
  const at = instantFromWire(instant) ?? refuseParameter(name, 'instant_invalid');
  return { parameter: name, at, sequence: null };
}

export function isNow({ at, sequence }: AsOf): boolean {
  return at === null && sequence === null;
}

/** The moment of a cursor: all pages are of that of the first. Throws `parameter_invalid` where the record never had it. */
export async function momentOfCursor(seats: Seats, partnerId: number, named: Moment): Promise<Moment> {
  const moment = await seats.moment(partnerId, { at: null, sequence: named.sequence });
  const isOnRecord =
    typeof moment !== 'string' && moment.sequence === named.sequence && moment.at <= named.at;
  return isOnRecord ? named : refuseParameter('cursor', 'cursor_invalid');
}

/** The moment itself. Throws `parameter_invalid` where the record does not have it. */
export async function momentOf(seats: Seats, partnerId: number, asked: AskedMoment): Promise<Moment> {
  const moment = await seats.moment(partnerId, asked);
  return typeof moment === 'string' ? refuseParameter(asked.parameter, moment) : moment;
}

/** Who says that seats are there: the sources of lines over term time. */

import { sourcesToldMax } from '@seatledger/contract';

/** What is needed of a subscription line. Instants are epoch milliseconds. */
interface SourcedTerm {
  readonly source: string;
  readonly startsAt: number;
  readonly expiresAt: number | null;
}

/** From the first instant on, and up to the second, the source has a line that is active; null where that does not end. */
export type SourceSpan = readonly [source: string, startsAt: number, expiresAt: number | null];

/** When which source has an active line: in the order of the sources, and of each the spans in theirs, without overlap. */
export function sourceSpansOf(lines: readonly SourcedTerm[]): readonly SourceSpan[] {
  const spans: SourceSpan[] = [];
  for (const { source, startsAt, expiresAt } of lines.toSorted(bySourceAndStart)) {
    if (expiresAt !== null && expiresAt <= startsAt) continue;
    const last = spans.at(-1);
    if (last === undefined || last[0] !== source || (last[2] !== null && last[2] < startsAt)) {
      spans.push([source, startsAt, expiresAt]);
    } else {
      const endsAt = last[2] === null || expiresAt === null ? null : Math.max(last[2], expiresAt);
      spans[spans.length - 1] = [source, last[1], endsAt];
    }
  }
  return spans;
}

/** The sources that have an active line at the instant, in their order: the first `sourcesToldMax`. */
export function sourcesOn(spans: readonly SourceSpan[], at: number): readonly string[] {
  const sources: string[] = [];
  for (const [source, startsAt, expiresAt] of spans) {
    if (sources.length === sourcesToldMax) break;
    // The spans of one source do not overlap, so at most one of them holds.
    if (startsAt <= at && (expiresAt === null || at < expiresAt)) sources.push(source);
  }
  return sources;
}

function bySourceAndStart(one: SourcedTerm, other: SourcedTerm): number {
  if (one.source !== other.source) return one.source < other.source ? -1 : 1;
  return one.startsAt - other.startsAt;
}

/** One thing that the doctor looked at. */

import type { StorePlace } from '../config.ts';

export type Check =
  | 'clock'
  | 'configuration'
  | 'credentials'
  | 'database'
  | 'disk'
  | 'folder'
  | 'integrity'
  | 'keys'
  | 'lock'
  | 'permissions'
  | 'schema'
  | 'server'
  | 'tls';

/** A problem keeps the server from doing what it should, or gives away what it should keep; a warning is one that comes. */
type FindingState = 'ok' | 'problem' | 'warning';

export interface Finding {
  readonly check: Check;
  readonly state: FindingState;
  /** In a sentence, without anything secret. */
  readonly seen: string;
  /** A command, or a sentence; null where nothing is to be done. */
  readonly remedy: string | null;
}

export function ok(check: Check, seen: string): Finding {
  return { check, state: 'ok', seen, remedy: null };
}

export function warning(check: Check, seen: string, remedy: string): Finding {
  return { check, state: 'warning', seen, remedy };
}

export function problem(check: Check, seen: string, remedy: string): Finding {
  return { check, state: 'problem', seen, remedy };
}

/** What commands name the store with. The URL of a database may hold a password, so that its variable stands for it. */
export function storeOption(place: StorePlace): string {
  return place.kind === 'folder' ? `--data ${shellWord(place.path)}` : '--database-url "$DATABASE_URL"';
}

export function shellWord(text: string): string {
  return /^[\w./:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

const dayMs = 86_400_000;

/** Whole days from now until then; negative once it is over. */
export function daysUntil(then: number, now: number): number {
  return Math.floor((then - now) / dayMs);
}

export function dateText(instant: number): string {
  return new Date(instant).toISOString().slice(0, 10);
}

export function counted(count: number, one: string, many = `${one}s`): string {
  return `${count} ${count === 1 ? one : many}`;
}

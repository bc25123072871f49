/** What is in a store: its schema, its instants, its keys and the credentials of its apps. */

import { type App, keyStates } from '../identity/index.ts';
import type { KeyStore } from '../identity/ports.ts';
import type { InspectedStore } from '../store/inspect.ts';
import { StoreUnavailableError, type StoreUnavailableCode } from '../store/unavailable.ts';
import { counted, dateText, daysUntil, type Finding, ok, problem, warning } from './finding.ts';

/** How far a clock may be off before it matters, in milliseconds: a network with NTP keeps far below the first. */
const driftMs = 1000;
const driftMsMax = 30_000;
/** How long before it ends a credential is told of, in days. */
const endsSoonDays = 30;
/** How old a signing key may be, in days. */
const keyDaysMax = 365;

/** `option` is what commands name the store with. */
interface Examining {
  readonly now: number;
  readonly option: string;
}

export function examineSchema({ schema }: InspectedStore): Finding {
  const { found, known } = schema;
  if (found === known) return ok('schema', `The schema is ${known}, which is that of this version.`);
  if (found === undefined) {
    return problem(
      'schema',
      'There are no tables of seatledger in it.',
      'Check that it is the right store; seatledger serve makes the tables.',
    );
  }
  return found > known
    ? problem(
        'schema',
        `The schema is ${found}, and this version knows ${known}.`,
        'Run the version of seatledger that made it, or a later one.',
      )
    : warning(
        'schema',
        `The schema is ${found}, and this version has ${known}.`,
        'Back the store up, and start the server on it once, which brings it forward.',
      );
}

/** Instants of the record never go back, so that a clock that is behind the last one stands still for the record. */
export function examineClock(store: InspectedStore, { now }: Examining): readonly Finding[] {
  const remedy = 'Set the clock of this machine, and keep it by NTP (timedatectl set-ntp true).';
  const behindMs = store.lastEventAt === undefined ? 0 : store.lastEventAt - now;
  const behind =
    behindMs > driftMs
      ? (behindMs > driftMsMax ? problem : warning)(
          'clock',
          `The clock of this machine is ${secondsText(behindMs)} behind the last event on record.`,
          `${remedy} If it is right, the clock of the machine that recorded the event was not.`,
        )
      : ok('clock', 'The clock of this machine is not behind the last event on record.');
  if (store.databaseNow === undefined) return [behind];
  const offMs = Math.abs(store.databaseNow - now);
  const apart =
    offMs > driftMs
      ? (offMs > driftMsMax ? problem : warning)(
          'clock',
          `The clocks of this machine and of the database are ${secondsText(offMs)} apart.`,
          remedy,
        )
      : ok('clock', 'The clocks of this machine and of the database agree within a second.');
  return [behind, apart];
}

function secondsText(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

export function examineIntegrity({ damage }: InspectedStore): Finding | undefined {
  if (damage === null) return undefined;
  if (damage === undefined) return ok('integrity', 'The pages of the database file hold together.');
  return problem(
    'integrity',
    `The database file is damaged: ${damage}.`,
    'Stop the server, keep the folder as it is, and put a backup or an export in its place.',
  );
}

export async function examineKeys(keys: KeyStore, { now, option }: Examining): Promise<Finding> {
  try {
    const signing = (await keyStates(keys, now)).find(({ state }) => state === 'signs');
    if (signing === undefined)
      return ok('keys', 'There is no signing key yet; a server makes the first one when it starts.');
    const age = -daysUntil(signing.createdAt, now) - 1;
    const seen = `The signing keys can be read; the one that signs is ${counted(age, 'day')} old.`;
    return age > keyDaysMax ? warning('keys', seen, `seatledger keys rotate ${option}`) : ok('keys', seen);
  } catch (error) {
    if (!(error instanceof StoreUnavailableError)) throw error;
    return problem('keys', error.message, remediesOfKeys[error.code] ?? 'Put the keys back from a backup.');
  }
}

const remediesOfKeys: Partial<Readonly<Record<StoreUnavailableCode, string>>> = {
  encryption_key_missing: 'Set SEATLEDGER_KEY as it is set for the servers, and look again.',
  encryption_key_wrong: 'Set SEATLEDGER_KEY to the key that the signing keys were encrypted with.',
  signing_key_unreadable:
    'Run this as the user that the server runs as; put a damaged key back from a backup, or delete its file.',
};

/** Apps that are not disabled: which of them get no token any more, and which will not soon. */
export function examineCredentials(apps: readonly App[], examining: Examining): readonly Finding[] {
  const { now } = examining;
  const enabled = apps.filter(({ disabled }) => !disabled);
  const found = enabled.flatMap((app) => {
    const ends = Math.max(0, ...app.credentials.map(({ expiresAt }) => expiresAt));
    if (ends <= now) return [outOfCredentials(app, examining)];
    const over = app.credentials.filter(({ expiresAt }) => expiresAt <= now);
    return [
      ...(daysUntil(ends, now) < endsSoonDays ? [endingSoon(app, ends, examining)] : []),
      ...over.map(({ credentialId }) =>
        warning(
          'credentials',
          `The credential ${credentialId} of the app ${nameOf(app)} has expired.`,
          `seatledger app credential remove ${app.clientId} ${credentialId} ${examining.option}`,
        ),
      ),
    ];
  });
  return found.length > 0
    ? found
    : [
        ok(
          'credentials',
          `${counted(enabled.length, 'app')} can get tokens, and no credential ends within ${endsSoonDays} days.`,
        ),
      ];
}

function outOfCredentials(app: App, { option }: Examining): Finding {
  return problem(
    'credentials',
    `The app ${nameOf(app)} gets no token: ${app.credentials.length === 0 ? 'it has no credential' : 'every credential of it has expired'}.`,
    `seatledger app credential add ${app.clientId} ${option}, or app disable where it is not needed any more.`,
  );
}

function endingSoon(app: App, endsAt: number, { option }: Examining): Finding {
  return warning(
    'credentials',
    `The last credential of the app ${nameOf(app)} ends on ${dateText(endsAt)}.`,
    `seatledger app credential add ${app.clientId} ${option}`,
  );
}

function nameOf({ name, clientId }: App): string {
  return `${JSON.stringify(name)} (${clientId})`;
}

/** What the server counts, from all of its parts. A family is asked when somebody looks; what is asked often only counts. */

import type { FailureLimit, RateLimit } from './http/index.ts';
import type { MemoryUses } from './identity/index.ts';
import { countRequests, exposition, type Family, type RequestMetrics, type Sample } from './metrics/index.ts';
import type { LedgerFigures } from './openLedger.ts';
import type { StoreProbe } from './store/probe.ts';

/** What is looked at when somebody asks. */
export interface Watched {
  readonly version: string;
  readonly ledger: LedgerFigures;
  /** By the name of each memory. */
  readonly memories: Readonly<Record<string, MemoryUses>>;
  /** Gauges of a number of things, such as imports that are underway, by the name and the help of the family. */
  readonly gauges: Readonly<Record<string, { readonly help: string; readonly read: () => number }>>;
  /** Of the process, where it is watched. */
  readonly process: readonly Family[];
  connections(): Promise<number>;
  /** Undefined where the store does not answer. */
  probe(): Promise<StoreProbe | undefined>;
}

export interface Observation {
  readonly requests: RequestMetrics;
  /** The same limit, with its refusals counted. */
  countedRateLimit(limit: RateLimit): RateLimit;
  countedFailures(limit: FailureLimit): FailureLimit;
  /** Everything in the text format of Prometheus. */
  read(watched: Watched): Promise<string>;
}

export function observe(): Observation {
  const requests = countRequests();
  let rateRefusals = 0;
  let loginsWrong = 0;
  let loginsLimited = 0;

  const refusals: readonly Family[] = [
    counter('seatledger_rate_limit_refusals_total', 'Requests of apps that sent more than they may.', () => [
      { value: rateRefusals },
    ]),
    counter(
      'seatledger_logins_refused_total',
      'Requests of clients that did not prove who they are (wrong), or failed to so often that they were not looked at (limited).',
      () => [
        { labels: { reason: 'wrong' }, value: loginsWrong },
        { labels: { reason: 'limited' }, value: loginsLimited },
      ],
    ),
  ];

  return {
    requests,
    countedRateLimit: (limit) => ({
      admits(clientId, reply) {
        const isAdmitted = limit.admits(clientId, reply);
        if (!isAdmitted) rateRefusals++;
        return isAdmitted;
      },
      take(clientId) {
        const waitSeconds = limit.take(clientId);
        if (waitSeconds > 0) rateRefusals++;
        return waitSeconds;
      },
    }),
    countedFailures: (limit) => ({
      refusedFor(address, clientId) {
        const seconds = limit.refusedFor(address, clientId);
        if (seconds !== undefined) loginsLimited++;
        return seconds;
      },
      failed(address, clientId) {
        loginsWrong++;
        limit.failed(address, clientId);
      },
    }),
    async read(watched) {
      const [connections, probe] = await Promise.all([watched.connections(), watched.probe()]);
      return exposition([
        gauge('seatledger_build_info', 'Which version runs; always 1.', () => [
          { labels: { version: watched.version }, value: 1 },
        ]),
        gauge('seatledger_ready', '1 where requests can be answered, as /readyz has it, else 0.', () => [
          { value: probe === undefined ? 0 : 1 },
        ]),
        ...requests.families,
        gauge('seatledger_http_connections', 'Connections of callers that are open.', () => [
          { value: connections },
        ]),
        ...refusals,
        ...ofStore(watched, probe),
        counter(
          'seatledger_cache_lookups_total',
          'How often something remembered was looked for, and whether it was there.',
          () => Object.entries(watched.memories).flatMap(lookups),
        ),
        ...Object.entries(watched.gauges).map(([name, { help, read }]) =>
          gauge(name, help, () => [{ value: read() }]),
        ),
        ...watched.process,
      ]);
    },
  };
}

function ofStore({ ledger }: Watched, probe: StoreProbe | undefined): readonly Family[] {
  const bySessions = (read: (figures: ReturnType<LedgerFigures['sessions']>[number]) => number) => () =>
    ledger.sessions().map((figures) => ({ labels: { purpose: figures.purpose }, value: read(figures) }));
  return [
    gauge(
      'seatledger_event_sequence',
      'Events on record, of all partners; absent while the store does not answer.',
      () => (probe === undefined ? [] : [{ value: probe.events }]),
    ),
    gauge('seatledger_writer_queue_length', 'Changes that were asked for and are not made yet.', () => [
      { value: ledger.changesWaiting() },
    ]),
    {
      name: 'seatledger_commit_changes',
      help: 'How many acknowledged changes one COMMIT made durable.',
      type: 'histogram',
      samples: () => ledger.commitSizes.samples(),
    },
    gauge(
      'seatledger_database_sessions_max',
      'How many sessions with the database there can be.',
      bySessions(({ max }) => max),
    ),
    gauge(
      'seatledger_database_sessions_in_use',
      'Sessions that work for somebody.',
      bySessions(({ inUse }) => inUse),
    ),
    gauge(
      'seatledger_database_sessions_idle',
      'Sessions that wait for work.',
      bySessions(({ idle }) => idle),
    ),
    gauge(
      'seatledger_database_sessions_waiting',
      'How many wait for a session.',
      bySessions(({ waiting }) => waiting),
    ),
  ];
}

function lookups([cache, { hits, misses }]: [string, MemoryUses]): readonly Sample[] {
  return [
    { labels: { cache, result: 'hit' }, value: hits },
    { labels: { cache, result: 'miss' }, value: misses },
  ];
}

function counter(name: string, help: string, samples: Family['samples']): Family {
  return { name, help, type: 'counter', samples };
}

function gauge(name: string, help: string, samples: Family['samples']): Family {
  return { name, help, type: 'gauge', samples };
}

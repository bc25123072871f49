/** The queries of the record: the head, changes and events. */

import { sql } from 'kysely';
import type { Head, RecordedChange, RecordedEvent } from '../../record/event.ts';
import type { KeptResult, RecordReads, RecordStore } from '../../record/ports.ts';
import type { Connection } from '../connection.ts';
import { statement } from '../statement.ts';

interface HeadRow {
  head_sequence: number;
  head_recorded_at: number;
  head_hash: string;
}

const headColumns = ['head_sequence', 'head_recorded_at', 'head_hash'] as const;

const headOf = statement<{ partnerId: number }, HeadRow>((db, { partnerId }) =>
  db.selectFrom('partners').select(headColumns).where('partner_id', '=', partnerId),
);

/** An update that changes nothing locks the row. */
const lockHead = statement<{ partnerId: number }, HeadRow>((db, { partnerId }) =>
  db
    .updateTable('partners')
    .set((the) => ({ head_sequence: the.ref('head_sequence') }))
    .where('partner_id', '=', partnerId)
    .returning(headColumns),
);

const moveHead = statement<
  { partnerId: number; lastSequence: number; recordedAt: number; hash: string },
  unknown
>((db, { partnerId, lastSequence, recordedAt, hash }) =>
  db
    .updateTable('partners')
    .set({ head_sequence: lastSequence, head_recorded_at: recordedAt, head_hash: hash })
    .where('partner_id', '=', partnerId),
);

const insertChange = statement<{ partnerId: number } & RecordedChange, unknown>((db, change) =>
  db.insertInto('changes').values({
    partner_id: change.partnerId,
    last_sequence: change.lastSequence,
    first_sequence: change.firstSequence,
    recorded_at: change.recordedAt,
    actor: change.actor,
    reason: change.reason,
    hash: change.hash,
  }),
);

const insertEvent = statement<{ partnerId: number } & RecordedEvent, unknown>((db, event) =>
  db.insertInto('events').values({
    partner_id: event.partnerId,
    sequence: event.sequence,
    kind: event.kind,
    subject: event.subject,
    customer_id: event.customerId,
    before: event.before,
    after: event.after,
  }),
);

const eventsAfter = statement<{ partnerId: number; sequence: number; limit: number }, RecordedEvent>(
  (db, { partnerId, sequence, limit }) =>
    db
      .selectFrom('events')
      .select(['sequence', 'kind', 'subject', 'customer_id as customerId', 'before', 'after'])
      .where('partner_id', '=', partnerId)
      .where('sequence', '>', sequence)
      .orderBy('sequence')
      .limit(limit),
);

const changeColumns = [
  'first_sequence as firstSequence',
  'last_sequence as lastSequence',
  'recorded_at as recordedAt',
  'actor',
  'reason',
  'hash',
] as const;

const changesAfter = statement<{ partnerId: number; sequence: number; limit: number }, RecordedChange>(
  (db, { partnerId, sequence, limit }) =>
    db
      .selectFrom('changes')
      .select(changeColumns)
      .where('partner_id', '=', partnerId)
      .where('last_sequence', '>', sequence)
      .orderBy('last_sequence')
      .limit(limit),
);

const lastChangeThrough = statement<{ partnerId: number; sequence: number }, RecordedChange>(
  (db, { partnerId, sequence }) =>
    db
      .selectFrom('changes')
      .select(changeColumns)
      .where('partner_id', '=', partnerId)
      .where('last_sequence', '<=', sequence)
      .orderBy('last_sequence', 'desc')
      .limit(sql.lit(1)),
);

const lastChangeBy = statement<{ partnerId: number; at: number }, RecordedChange>((db, { partnerId, at }) =>
  db
    .selectFrom('changes')
    .select(changeColumns)
    .where('partner_id', '=', partnerId)
    .where('recorded_at', '<=', at)
    .orderBy('recorded_at', 'desc')
    .orderBy('last_sequence', 'desc')
    .limit(sql.lit(1)),
);

type KeptKey = { partnerId: number; actor: string; key: string };

const keptResult = statement<KeptKey, KeptResult>((db, { partnerId, actor, key }) =>
  db
    .selectFrom('idempotency_keys')
    .select(['fingerprint', 'result', 'created_at as createdAt'])
    .where('partner_id', '=', partnerId)
    .where('actor', '=', actor)
    .where('key', '=', key),
);

const keepResult = statement<KeptKey & KeptResult, unknown>((db, kept) =>
  db.insertInto('idempotency_keys').values({
    partner_id: kept.partnerId,
    actor: kept.actor,
    key: kept.key,
    fingerprint: kept.fingerprint,
    result: kept.result,
    created_at: kept.createdAt,
  }),
);

const forgetResults = statement<{ partnerId: number; before: number }, unknown>((db, { partnerId, before }) =>
  db.deleteFrom('idempotency_keys').where('partner_id', '=', partnerId).where('created_at', '<', before),
);

export function recordStore(connection: Connection): RecordStore {
  return {
    async headOf(partnerId) {
      const row = await connection.first(headOf, { partnerId });
      return row === undefined ? undefined : headFromRow(row);
    },
    lockHead: async (partnerId) =>
      headFromRow(await connection.first(connection.hasOneWriter ? headOf : lockHead, { partnerId })),
    appendEvents: (partnerId, events) =>
      connection.runMany(
        insertEvent,
        events.map((event) => ({ partnerId, ...event })),
      ),
    async closeChange(partnerId, change) {
      await connection.run(insertChange, { partnerId, ...change });
      const { lastSequence, recordedAt, hash } = change;
      await connection.run(moveHead, { partnerId, lastSequence, recordedAt, hash });
    },
    keptResult: (partnerId, actor, key) => connection.first(keptResult, { partnerId, actor, key }),
    keepResult: (partnerId, actor, key, kept) =>
      connection.run(keepResult, { partnerId, actor, key, ...kept }),
    forgetResults: (partnerId, before) => connection.run(forgetResults, { partnerId, before }),
  };
}

export function recordReads(connection: Connection): RecordReads {
  return {
    head: async (partnerId) => headFromRow(await connection.first(headOf, { partnerId })),
    lastChangeThrough: (partnerId, sequence) => connection.first(lastChangeThrough, { partnerId, sequence }),
    lastChangeBy: (partnerId, at) => connection.first(lastChangeBy, { partnerId, at }),
    changesAfter: (partnerId, sequence, limit) =>
      connection.all(changesAfter, { partnerId, sequence, limit }),
    eventsAfter: (partnerId, sequence, limit) => connection.all(eventsAfter, { partnerId, sequence, limit }),
  };
}

function headFromRow(row: HeadRow | undefined): Head {
  if (row === undefined) throw new Error('there is no such partner');
  return { sequence: row.head_sequence, recordedAt: row.head_recorded_at, hash: row.head_hash };
}

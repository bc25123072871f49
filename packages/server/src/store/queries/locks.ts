/** The locks that changes take where others can change the store at the same time. */

import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Locks } from '../../record/ports.ts';
import type { Connection } from '../connection.ts';
import { statement } from '../statement.ts';

/** Where nobody else can change the store there is nothing to hold back. */
const none: Locks = {
  alone: () => Promise.resolve(),
  together: () => Promise.resolve(),
  claimKey: () => Promise.resolve(true),
};

/** Tells the locks of partners from those of idempotency keys: the first of the two numbers that name a lock. */
const partnerLocks = 5371;
const keyLocks = 5372;

const lockAlone = statement<{ space: number; name: number }, unknown>((db, { space, name }) =>
  db.selectNoFrom(sql`pg_advisory_xact_lock(${space}::int, ${name}::int)`.as('locked')),
);

const lockTogether = statement<{ space: number; name: number }, unknown>((db, { space, name }) =>
  db.selectNoFrom(sql`pg_advisory_xact_lock_shared(${space}::int, ${name}::int)`.as('locked')),
);

const tryLock = statement<{ space: number; name: number }, { locked: boolean }>((db, { space, name }) =>
  db.selectNoFrom(sql<boolean>`pg_try_advisory_xact_lock(${space}::int, ${name}::int)`.as('locked')),
);

export function locksOf(connection: Connection): Locks {
  if (connection.hasOneWriter) return none;
  return {
    alone: (partnerId) => connection.run(lockAlone, { space: partnerLocks, name: partnerId }),
    together: (partnerId) => connection.run(lockTogether, { space: partnerLocks, name: partnerId }),
    async claimKey(partnerId, actor, key) {
      // Two keys of one name hold each other up for one write, one time in four thousand million.
      const name = createHash('sha256')
        .update(JSON.stringify([partnerId, actor, key]))
        .digest()
        .readInt32BE();
      return (await connection.first(tryLock, { space: keyLocks, name }))?.locked === true;
    },
  };
}

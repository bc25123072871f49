/** Reads that come in one turn of the event loop share a transaction: to begin and end one is a third of what a keyed read takes. */

import type { DatabaseSync } from 'node:sqlite';

export interface ReadTurns {
  /** To be called before each read: what is read until the turn is over sees the store at one moment. */
  join(): void;
  /** Ends the turn: the next read sees what was kept meanwhile. To be called before anybody is told of a change. */
  end(): void;
}

/** Turns of a connection that only reads, and is used in no other way. */
export function readTurns(database: DatabaseSync): ReadTurns {
  const begin = database.prepare('begin');
  const commit = database.prepare('commit');
  let isOpen = false;

  function end(): void {
    if (!isOpen) return;
    isOpen = false;
    // A failure of the engine may have ended the transaction already.
    if (database.isTransaction) commit.run();
  }
  return {
    join() {
      if (isOpen) return;
      if (!database.isTransaction) begin.run();
      isOpen = true;
      setImmediate(end);
    },
    end,
  };
}

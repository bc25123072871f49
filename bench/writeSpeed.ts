/**
 * Writes of 32 clients against bare loops that commit write by write to a copy of the same file, and how many of them share a commit.
 *
 * One loop keeps an event for each, the other every row that the server keeps of such a write.
 */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startBenchServer } from './benchServer.ts';
import { customerOf, fillEstate, makeStore } from './estate.ts';
import { report } from './figures.ts';
import { addedLine, openClients } from './clients.ts';
import { writtenRows } from './writtenRows.ts';

const clientCount = 32;
const roundMs = 4000;

/** On SQLite alone: elsewhere the database shares its commits by itself. */
export async function measureWrites(customers: number, rounds: number): Promise<void> {
  const store = await makeStore('sqlite');
  await fillEstate(store, customers, Date.now());
  const { flags } = store;
  if (!('data' in flags)) throw new Error('the store is in a folder');
  const bareFolder = copyOf(flags.data);
  const rowsFolder = copyOf(flags.data);
  const bareEvents = bareLoop(bareFolder);
  const server = await startBenchServer(store);
  const clients = openClients(server, clientCount);
  const sameRows = writtenRows(flags.data, rowsFolder);
  const perSecond: number[] = [];
  const events: number[] = [];
  const rows: number[] = [];
  const shared: number[] = [];
  let written = 0;
  const next = () => {
    written++;
    return addedLine(customerOf(1 + (written % customers)), `line-${written}`);
  };
  try {
    await clients.asFastAs(clientCount, during(roundMs / 4), next);
    sameRows.writeOn();
    for (let round = 0; round < rounds; round++) {
      const before = await server.commits();
      const start = performance.now();
      const answers = await clients.asFastAs(clientCount, during(roundMs), next);
      perSecond.push((answers * 1000) / (performance.now() - start));
      const after = await server.commits();
      shared.push((after.changes - before.changes) / (after.commits - before.commits));
      events.push(bareEvents.rowsPerSecond());
      const { writes, tookMs } = sameRows.writeOn();
      if (writes !== answers) throw new Error(`${answers} lines were acknowledged, and ${writes} are kept`);
      rows.push((writes * 1000) / tookMs);
    }
  } finally {
    clients.close();
    bareEvents.close();
    sameRows.close();
    for (const folder of [bareFolder, rowsFolder]) rmSync(folder, { recursive: true });
    await server.stop();
    await store.remove();
  }
  report(`sqlite: lines added by ${clientCount} clients over HTTP, a second`, perSecond, 0);
  for (const [name, peer] of [
    ['a bare loop that commits one event of 300 bytes each', events],
    ['a bare loop that commits the same rows of each line in the same tables', rows],
  ] as const) {
    report(`sqlite: writes of ${name}, a second`, peer, 0);
    report(
      `sqlite: lines added against ${name}, ratio`,
      perSecond.map((writes, round) => writes / (peer[round] ?? 0)),
    );
  }
  report('sqlite: acknowledged writes of one commit', shared, 1);
}

function copyOf(folder: string): string {
  const copy = mkdtempSync(join(tmpdir(), 'seatledger-bench-'));
  copyFileSync(join(folder, 'seatledger.db'), join(copy, 'seatledger.db'));
  return copy;
}

/** An event in each transaction, and nothing else, kept as safe as the server keeps it. */
function bareLoop(folder: string): { rowsPerSecond(): number; close(): void } {
  const database = new DatabaseSync(join(folder, 'seatledger.db'));
  database.exec('pragma journal_mode = wal; pragma synchronous = full');
  const last = database.prepare('select max(sequence) as sequence from events').get();
  let sequence = Number(last?.['sequence']);
  const insert = database.prepare(
    `insert into events values (1, ?, 'line.added', ?, 'customer-10000001', null, ?)`,
  );
  const after = 'x'.repeat(300);
  return {
    rowsPerSecond() {
      const isOver = during(roundMs);
      const start = performance.now();
      let rows = 0;
      for (; !isOver(); rows++) insert.run(++sequence, String(sequence), after);
      return (rows * 1000) / (performance.now() - start);
    },
    close: () => database.close(),
  };
}

export function during(milliseconds: number): () => boolean {
  const end = performance.now() + milliseconds;
  return () => performance.now() >= end;
}

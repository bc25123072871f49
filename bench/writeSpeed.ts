/** Writes of 32 clients against a bare loop that commits row by row to a copy of the same file, and how many of them share a commit. */

import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startBenchServer } from './benchServer.ts';
import { customerOf, fillEstate, makeStore } from './estate.ts';
import { report } from './figures.ts';
import { openClients } from './clients.ts';

const clientCount = 32;
const roundMs = 4000;

/** On SQLite alone: elsewhere the database shares its commits by itself. */
export async function measureWrites(customers: number, rounds: number): Promise<void> {
  const store = await makeStore('sqlite');
  await fillEstate(store, customers, Date.now());
  const copy = mkdtempSync(join(tmpdir(), 'seatledger-bench-'));
  if ('data' in store.flags)
    copyFileSync(join(store.flags.data, 'seatledger.db'), join(copy, 'seatledger.db'));
  const bareRows = bareLoop(copy);
  const server = await startBenchServer(store);
  const clients = openClients(server, clientCount);
  const perSecond: number[] = [];
  const bare: number[] = [];
  const shared: number[] = [];
  let written = 0;
  const next = () => {
    const customer = customerOf(1 + (written++ % customers));
    return {
      path: `/api/v1/customers/${customer}/lines`,
      body: { productType: 2048, seats: 1, source: 'bench', externalId: `line-${written}` },
    };
  };
  try {
    await clients.asFastAs(clientCount, during(roundMs / 4), next);
    for (let round = 0; round < rounds; round++) {
      const before = await server.commits();
      const start = performance.now();
      const answers = await clients.asFastAs(clientCount, during(roundMs), next);
      perSecond.push((answers * 1000) / (performance.now() - start));
      const after = await server.commits();
      shared.push((after.changes - before.changes) / (after.commits - before.commits));
      bare.push(bareRows.rowsPerSecond());
    }
  } finally {
    clients.close();
    bareRows.close();
    rmSync(copy, { recursive: true });
    await server.stop();
    await store.remove();
  }
  report(`sqlite: lines added by ${clientCount} clients over HTTP, a second`, perSecond, 0);
  report('sqlite: rows of a bare loop that commits each, a second', bare, 0);
  report(
    'sqlite: lines added against rows of the bare loop, ratio',
    perSecond.map((writes, round) => writes / (bare[round] ?? 0)),
  );
  report('sqlite: acknowledged writes of one commit', shared, 1);
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

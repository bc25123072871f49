/** The speed of an import against the bare engine, and what it takes of memory. */

import { createWriteStream, mkdtempSync, openAsBlob, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type BenchServer, startBenchServer } from './benchServer.ts';
import { customerOf, type Engine, estateProducts, makeStore } from './estate.ts';
import { lapse, report } from './figures.ts';
import { writeAgain } from './importedRows.ts';

export async function measureImport(engine: Engine, customers: number, rounds: number): Promise<void> {
  const lines = customers * estateProducts.length;
  const ratios: number[] = [];
  const times: number[] = [];
  const peers: number[] = [];
  const peaks: number[] = [];
  await withLinesFile(customers, async (path) => {
    for (let round = 0; round < rounds; round++) {
      const store = await makeStore(engine);
      try {
        const server = await startBenchServer(store);
        let taken: number;
        try {
          taken = await lapse(() => importFile(server, path, lines));
          peaks.push(server.peakMegabytes());
        } finally {
          await server.stop();
        }
        const peer = await writeAgain(engine, store);
        times.push(taken / 1000);
        peers.push(peer / 1000);
        ratios.push(peer / taken);
      } finally {
        await store.remove();
      }
    }
  });
  const peerName = engine === 'sqlite' ? 'a bare loop of node:sqlite' : 'COPY';
  report(`${engine}: import of ${lines} lines, s`, times);
  report(`${engine}: the same rows by ${peerName}, s`, peers);
  report(`${engine}: speed of the import against ${peerName}, ratio`, ratios);
  report(`${engine}: the server's peak of resident memory, MB`, peaks, 0);
}

/** Sends the file from the disk, as the command does. */
export async function importFile(server: BenchServer, path: string, lines: number): Promise<void> {
  const answer = await fetch(`${server.url}/api/v1/import`, {
    method: 'POST',
    headers: { authorization: `Bearer ${server.token}`, 'content-type': 'text/csv' },
    body: await openAsBlob(path),
  });
  const done = (await answer.json()) as { added?: number };
  if (done.added !== lines) throw new Error(`the import answered ${JSON.stringify(done)}`);
}

/** Lends a file of lines of so many customers, one line of each product of the estate. */
export async function withLinesFile(customers: number, use: (path: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-bench-'));
  try {
    const path = join(folder, 'lines.csv');
    await pipeline(Readable.from(linesOf(customers)), createWriteStream(path));
    await use(path);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function* linesOf(customers: number): Generator<string> {
  yield 'customerId,organization,productType,seats,startsAt,expiresAt,source,externalId\n';
  for (let number = 1; number <= customers; number++) {
    const customer = `${customerOf(number)},Organization ${number}`;
    const term = `${1 + (number % 500)},2026-01-01,2028-01-01,billing`;
    yield estateProducts.map((type) => `${customer},${type},${term},sub-${number}-${type}\n`).join('');
  }
}

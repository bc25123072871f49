/**
 * What all seats of a large estate cost in one answer: `node bench/bulk.ts [ENGINE…]`, 1,000,000 rows as NDJSON and as CSV.
 *
 * The peer is the engine's own command: `sqlite3` with its CSV mode, `psql` with COPY TO STDOUT, both with a select that gives the same
 * columns of the same rows. Rounds of the peer and of both media types take turns. While the server streams, seats of single products are
 * read over the same server, one at a time. Figures are medians with the smallest and the largest.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { type BenchServer, linesIn, startBenchServer } from './benchServer.ts';
import {
  type BenchStore,
  customerOf,
  type Engine,
  engines,
  estateProducts,
  fillEstate,
  makeStore,
  stopEngines,
} from './estate.ts';
import { report } from './figures.ts';

const customers = 200_000;
const rows = customers * estateProducts.length;
const rounds = 7;
const mediaTypes = ['application/x-ndjson', 'text/csv'] as const;

async function measure(engine: Engine): Promise<void> {
  const store = await makeStore(engine);
  await fillEstate(store, customers, Date.now());
  const server = await startBenchServer(store);
  try {
    const quiet = await seatReads(server, async () => {
      for (let read = 0; read < 200; read++) await readSeat(server, read);
    });
    const peers: number[] = [];
    const times = { 'application/x-ndjson': [] as number[], 'text/csv': [] as number[] };
    const during: number[] = [];
    let peak = 0;
    for (let round = -1; round < rounds; round++) {
      const peer = await timed(() => peerRows(store));
      if (round >= 0) peers.push(peer);
      for (const mediaType of mediaTypes) {
        const watch = setInterval(() => (peak = Math.max(peak, server.residentMegabytes())), 50);
        const taken = await timed(() => countedLines(server, mediaType));
        clearInterval(watch);
        if (round >= 0) times[mediaType].push(taken);
      }
      const reads = await seatReads(server, () => countedLines(server, 'application/x-ndjson'));
      if (round >= 0) during.push(...reads);
    }
    report(`${engine}: ${peerName(store)} of ${rows} rows, ms`, peers);
    for (const mediaType of mediaTypes) {
      const found = times[mediaType];
      report(`${engine}: GET /api/v1/seats as ${mediaType}, ms`, found);
      report(
        `${engine}: ${mediaType}, its speed against ${peerName(store)}, ratio`,
        found.map((taken, round) => (peers[round] ?? 0) / taken),
      );
    }
    report(`${engine}: a seat read before, ms`, quiet);
    report(`${engine}: a seat read while the rows are streamed, ms`, during);
    console.log(`${engine}: resident memory of the server at most ${peak.toFixed(0)} MB`);
  } finally {
    await server.stop();
    await store.remove();
  }
}

async function timed(run: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await run();
  return performance.now() - start;
}

async function readSeat(server: BenchServer, read: number): Promise<void> {
  const id = customerOf(1 + ((read * 7919) % customers));
  await server.text(`/partner/external/v3/general/customers/${id}/avpt-products/type/2048/overview`);
}

/** How long each seat read took, one at a time, for as long as `work` goes on. */
async function seatReads(server: BenchServer, work: () => Promise<void>): Promise<number[]> {
  const taken: number[] = [];
  const done = new AbortController();
  const working = work().finally(() => done.abort());
  for (let read = 0; !done.signal.aborted; read++) taken.push(await timed(() => readSeat(server, read)));
  await working;
  return taken;
}

async function countedLines(server: BenchServer, mediaType: (typeof mediaTypes)[number]): Promise<void> {
  const lines = await server.countLines('/api/v1/seats', mediaType);
  const head = mediaType === 'text/csv' ? 1 : 0;
  if (lines !== rows + head) throw new Error(`there are ${lines} lines and not ${rows + head}`);
}

const seats = {
  sqlite: `json_extract(held.timeline, '$[#-1][1]')`,
  postgres: `(held.timeline::json -> -1 ->> 1)::int`,
};
const source = { sqlite: `json_extract(held.sources, '$[0][0]')`, postgres: `held.sources::json -> 0 ->> 0` };
const instant = {
  sqlite: `strftime('%Y-%m-%dT%H:%M:%fZ', change.recorded_at / 1000.0, 'unixepoch')`,
  postgres: `to_char(to_timestamp(change.recorded_at / 1000.0) at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`,
};

function selectOf(engine: Engine): string {
  return `select held.customer_id, customer.organization, held.product_type, 'Product ' || held.product_type, ${seats[engine]},
    held.assigned, ${seats[engine]} - held.assigned, ${source[engine]}, held.sequence, ${instant[engine]}
    from holdings held
    join customers customer on customer.partner_id = held.partner_id and customer.customer_id = held.customer_id
    left join changes change on change.partner_id = held.partner_id and change.last_sequence = held.sequence
    where held.partner_id = 1 order by held.customer_id, held.product_type`;
}

function peerName({ flags }: BenchStore): string {
  return 'data' in flags ? 'sqlite3 -csv' : 'COPY TO STDOUT';
}

/** Reads the rows with the engine's own command. Fails unless they are all there. */
async function peerRows(store: BenchStore): Promise<void> {
  const { flags } = store;
  const peer =
    'data' in flags
      ? spawn('sqlite3', ['-readonly', '-csv', join(flags.data, 'seatledger.db'), selectOf('sqlite')])
      : spawn('psql', [flags.databaseUrl, '-qc', `copy (${selectOf('postgres')}) to stdout csv`]);
  peer.stderr.pipe(process.stderr);
  let lines = 0;
  peer.stdout.on('data', (chunk: Buffer) => (lines += linesIn(chunk)));
  const [code] = (await once(peer, 'close')) as [number | null];
  if (code !== 0 || lines !== rows) throw new Error(`${peerName(store)} gave ${lines} lines`);
}

const asked = process.argv.slice(2);
for (const engine of engines.filter((name) => asked.length === 0 || asked.includes(name)))
  await measure(engine);
await stopEngines();

/** Seat reads while others write, or while a large file is imported, against those of a quiet server. */

import { startBenchServer } from './benchServer.ts';
import { customerOf, type Engine, estateProducts, fillEstate, makeStore } from './estate.ts';
import { report, shareOf } from './figures.ts';
import { importFile, withLinesFile } from './importSpeed.ts';
import { addedLine, type Clients, openClients } from './clients.ts';
import { during } from './writeSpeed.ts';

const readsPerSecond = 1000;
const writesPerSecond = 200;
const clientCount = 8;
const roundMs = 5000;
const estateCustomers = 10_000;

interface Reads {
  readonly p99: number[];
  readonly perSecond: number[];
}

export async function measureReads(engine: Engine, importedCustomers: number, rounds: number): Promise<void> {
  const store = await makeStore(engine);
  await fillEstate(store, estateCustomers, Date.now());
  const server = await startBenchServer(store);
  const reading = openClients(server, 64);
  const writing = openClients(server, 64);
  const quiet: Reads = { p99: [], perSecond: [] };
  const writes: Reads = { p99: [], perSecond: [] };
  const importing: Reads = { p99: [], perSecond: [] };
  try {
    await readFor(reading, { p99: [], perSecond: [] });
    for (let round = 0; round < rounds; round++) {
      await readFor(reading, quiet);
      let isOver = false;
      await Promise.all([
        writing.atRate(writesPerSecond, () => isOver, nextWrite),
        readFor(reading, writes).finally(() => {
          isOver = true;
        }),
      ]);
    }
    await withLinesFile(importedCustomers, async (path) => {
      const done = new AbortController();
      const imported = importFile(server, path, importedCustomers * estateProducts.length).finally(() =>
        done.abort(),
      );
      async function readOn() {
        while (!done.signal.aborted) await readFor(reading, importing, () => done.signal.aborted);
      }
      await Promise.all([imported, readOn()]);
      if (importing.p99.length === 0)
        throw new Error('the import was over before a round was: it needs more lines');
    });
  } finally {
    reading.close();
    writing.close();
    await server.stop();
    await store.remove();
  }
  tell(engine, 'on a quiet server', quiet);
  for (const [when, reads] of [
    [`with ${writesPerSecond} writes a second`, writes],
    [`during an import of ${importedCustomers * estateProducts.length} lines`, importing],
  ] as const) {
    tell(engine, when, reads);
    const [p99, throughput] = [shareOf(quiet.p99, 0.5), shareOf(quiet.perSecond, 0.5)];
    report(
      `${engine}: p99 ${when} against quiet, ratio`,
      reads.p99.map((value) => value / p99),
    );
    report(
      `${engine}: read throughput ${when} against quiet, ratio`,
      reads.perSecond.map((value) => value / throughput),
    );
  }
}

/**
 * First at a fixed rate, then as fast as some clients can; each for the half of a round. What is cut short counts for nothing: it is of too few
 * answers, and of none of what it was to be measured beside.
 */
async function readFor(clients: Clients, into: Reads, isCutShort = () => false): Promise<void> {
  const half = during(roundMs / 2);
  const taken = await clients.atRate(readsPerSecond, () => isCutShort() || half(), nextRead);
  const rest = during(roundMs / 2);
  const start = performance.now();
  const answers = await clients.asFastAs(clientCount, () => isCutShort() || rest(), nextRead);
  if (isCutShort()) return;
  into.p99.push(shareOf(taken, 0.99));
  into.perSecond.push((answers * 1000) / (performance.now() - start));
}

let lastRead = 0;
function nextRead() {
  const id = customerOf(1 + ((++lastRead * 7919) % estateCustomers));
  return {
    path: `/partner/external/v3/general/customers/${id}/avpt-products/type/2048/overview`,
    answeredWith: '{"productType":2048,"availableUserSeat":',
  };
}

let lastWrite = 0;
function nextWrite() {
  return addedLine(customerOf(1 + ((++lastWrite * 104_729) % estateCustomers)), `line-${lastWrite}`);
}

function tell(engine: Engine, when: string, { p99, perSecond }: Reads): void {
  report(`${engine}: p99 of ${readsPerSecond} seat reads a second ${when}, ms`, p99);
  report(`${engine}: seat reads of ${clientCount} clients ${when}, a second`, perSecond, 0);
}

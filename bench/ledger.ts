/**
 * What the ledger's answers cost as estates grow: `node bench/ledger.ts [ENGINE…]`, on SQLite and on PostgreSQL where none is named.
 *
 * Ratios are medians over rounds that take turns, with the smallest and the largest; a real server answers over HTTP, one request at a time.
 */

import { openLedger, systemClock } from '../packages/server/src/openLedger.ts';
import { storePlaceOf } from '../packages/server/src/config.ts';
import { readSeats } from '../packages/server/src/ledger/index.ts';
import { productByType } from '@seatledger/contract';
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
import { type BenchServer, startBenchServer } from './benchServer.ts';
import { lapse, report } from './figures.ts';

const rounds = 11;
/** How many events the customer has that is looked back on. */
const eventCount = 10_000;

async function measure(engine: Engine): Promise<void> {
  const now = Date.now();
  const small = await makeStore(engine);
  await fillEstate(small, 1000, now);
  const middle = await makeStore(engine);
  await timed(`${engine}: an estate of 100,000 customers is made`, () => fillEstate(middle, 100_000, now));
  const large = await makeStore(engine);
  await timed(`${engine}: an estate of 1,000,000 customers is made`, () => fillEstate(large, 1_000_000, now));
  await readsOfSizes(engine, small, large);
  await answersOfSizes(engine, small, large);
  await large.remove();
  await history(engine, small);
  await small.remove();
  await difference(engine, middle, now);
  await middle.remove();
}

/** One customer and product after the other, at random: in the process, without HTTP around it. */
async function readsOfSizes(engine: Engine, small: BenchStore, large: BenchStore): Promise<void> {
  const reads = engine === 'sqlite' ? 20_000 : 3000;
  const stores = [
    { store: small, customers: 1000 },
    { store: large, customers: 1_000_000 },
  ];
  const readers = [];
  for (const { store, customers } of stores) {
    const ledger = await openLedger(storePlaceOf(store.flags, {}), {
      clock: systemClock,
      create: false,
      onWriterDeath: fail,
    });
    const seats = readSeats(ledger.reads, systemClock);
    readers.push({
      ledger,
      async round() {
        const start = performance.now();
        for (let read = 0; read < reads; read++) {
          const number = 1 + Math.floor(Math.random() * customers);
          const product = productByType(estateProducts[read % estateProducts.length] ?? 0);
          if (product === undefined) throw new Error('the products of the estate are of the catalogue');
          const answer = await seats.get(1, customerOf(number) as never, product.type);
          if (!answer.known || answer.seats.purchased !== 25) throw new Error('the answer is wrong');
        }
        return ((performance.now() - start) * 1000) / reads;
      },
    });
  }
  const [one, other] = readers;
  if (one === undefined || other === undefined) throw new Error('there are two stores');
  await one.round();
  await other.round();
  const ratios: number[] = [];
  const times: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const [smallTime, largeTime] = [await one.round(), await other.round()];
    ratios.push(largeTime / smallTime);
    times.push(largeTime);
  }
  report(`${engine}: a seat read in the process at 1,000,000 customers, µs`, times);
  report(`${engine}: a seat read in the process at 1,000,000 customers against 1,000, ratio`, ratios);
  for (const { ledger } of readers) await ledger.close();
}

/** The same over HTTP, as clients see it: by the time of an answer, and by what it takes of the server's processor. */
async function answersOfSizes(engine: Engine, small: BenchStore, large: BenchStore): Promise<void> {
  const requests = 2000;
  const [one, other] = await Promise.all([startBenchServer(small), startBenchServer(large)]);
  async function round(server: BenchServer, customers: number) {
    const cpu = server.processorMs();
    const time = await lapse(async () => {
      for (let request = 0; request < requests; request++) {
        const number = 1 + Math.floor(Math.random() * customers);
        const product = estateProducts[request % estateProducts.length];
        const path = `/partner/external/v3/general/customers/${customerOf(number)}/avpt-products/type/${product}/overview`;
        const answer = await server.text(path);
        if (!answer.endsWith('"availableUserSeat":25}')) throw new Error(`the answer is ${answer}`);
      }
    });
    return { time, cpu: server.processorMs() - cpu };
  }
  try {
    await round(one, 1000);
    await round(other, 1_000_000);
    const times: number[] = [];
    const cpus: number[] = [];
    for (let turn = 0; turn < rounds; turn++) {
      const [few, many] = [await round(one, 1000), await round(other, 1_000_000)];
      times.push(many.time / few.time);
      cpus.push(many.cpu / few.cpu);
    }
    report(`${engine}: a seat answer at 1,000,000 customers against 1,000, ratio of time`, times);
    report(`${engine}: a seat answer at 1,000,000 customers against 1,000, ratio of processor time`, cpus);
  } finally {
    await one.stop();
    await other.stop();
  }
}

/** A customer with ten thousand events: as-of reads against current ones, and its series. */
async function history(engine: Engine, store: BenchStore): Promise<void> {
  const ledger = await openLedger(storePlaceOf(store.flags, {}), {
    clock: systemClock,
    create: false,
    onWriterDeath: fail,
  });
  const customerId = customerOf(1) as never;
  const productType = productByType(2048)?.type as never;
  const order = { partnerId: 1, actor: 'operator', reason: null } as const;
  for (let event = 0; event < eventCount; event += 2) {
    const users = ['one@example.org'];
    await ledger.make({
      ...order,
      kind: 'seats.assign',
      input: { customerId, productType, users },
      now: Date.now(),
    });
    const input = { customerId, productType, users, userIds: [] };
    await ledger.make({ ...order, kind: 'seats.release', input, now: Date.now() });
  }
  const { sequence } = await ledger.reads.record.head(1);
  await ledger.close();
  // As autovacuum would within minutes.
  if ('databaseUrl' in store.flags) await store.exec('vacuum analyze');

  const server = await startBenchServer(store);
  try {
    const path = `/api/v1/customers/${customerOf(1)}/seats/2048`;
    const round = async (query: () => string) => {
      const requests = 300;
      const start = performance.now();
      for (let request = 0; request < requests; request++) await server.text(path + query());
      return (performance.now() - start) / requests;
    };
    const past = () => `?asOfSequence=${sequence - Math.floor(Math.random() * (eventCount - 1))}`;
    const current = () => '';
    await round(past);
    await round(current);
    const ratios: number[] = [];
    for (let turn = 0; turn < rounds; turn++) {
      const now = await round(current);
      ratios.push((await round(past)) / now);
    }
    report(`${engine}: an as-of read on a customer with 10,000 events against a current one, ratio`, ratios);
    await series(engine, server, `${path}/history`, sequence);
  } finally {
    await server.stop();
  }
}

async function series(engine: Engine, server: BenchServer, path: string, sequence: number): Promise<void> {
  const times: number[] = [];
  for (let turn = 0; turn < rounds; turn++) {
    const one = await lapse(() => server.text(`${path}?fromSequence=${sequence}&toSequence=${sequence}`));
    let points = 0;
    const all = await lapse(async () => {
      points = (await server.text(`${path}?fromSequence=${sequence - eventCount + 1}&toSequence=${sequence}`))
        .trimEnd()
        .split('\n').length;
    });
    if (points < eventCount - 1) throw new Error(`the series has ${points} points`);
    times.push(((all - one) * 1000) / (points - 1));
  }
  report(`${engine}: a point of a series beyond the first, µs`, times);
}

/** The difference of the whole estate over its last 20 days, in which every tenth line began. */
async function difference(engine: Engine, store: BenchStore, now: number): Promise<void> {
  const server = await startBenchServer(store);
  try {
    const from = new Date(now - 20 * 86_400_000).toISOString();
    const start = performance.now();
    const before = server.residentMegabytes();
    let first = 0;
    let rows = 0;
    let peak = before;
    await server.lines(`/api/v1/seats/diff?from=${from}`, () => {
      if (rows++ === 0) first = performance.now() - start;
      if (rows % 1000 === 0) peak = Math.max(peak, server.residentMegabytes());
    });
    const all = performance.now() - start;
    console.log(
      `${engine}: the difference of 100,000 customers: ${rows} rows in ${(all / 1000).toFixed(1)} s, the first after ${first.toFixed(0)} ms; resident ${before.toFixed(0)} MB before, ${peak.toFixed(0)} MB at most`,
    );
  } finally {
    await server.stop();
  }
}

async function timed(what: string, work: () => Promise<void>): Promise<void> {
  console.log(`${what} in ${((await lapse(work)) / 1000).toFixed(1)} s`);
}

function fail(error: Error): never {
  throw error;
}

const asked = process.argv.slice(2);
for (const engine of engines.filter((name) => asked.length === 0 || asked.includes(name)))
  await measure(engine);
await stopEngines();

/**
 * What a page costs far behind the first one: `node bench/paging.ts [ENGINE…]`, at 1,000,000 customers and 100 of them in a page.
 *
 * Each answer is over HTTP, one at a time; rounds of the first, a middle and the last page take turns, and figures are medians with the
 * smallest and the largest.
 */

import { startBenchServer } from './benchServer.ts';
import { type Engine, engines, fillEstate, makeStore, stopEngines } from './estate.ts';
import { report } from './figures.ts';

const customers = 1_000_000;
const pageSize = 100;
const pages = [1, 5000, 10_000] as const;
const rounds = 15;
const requestsOfRound = 20;
const lists = ['customers/batch', 'customers/services/batch'] as const;

async function measure(engine: Engine): Promise<void> {
  const store = await makeStore(engine);
  await fillEstate(store, customers, Date.now());
  const server = await startBenchServer(store);
  try {
    for (const list of lists) {
      const round = async (pageIndex: number) => {
        const path = `/partner/external/v3/general/${list}?pageIndex=${pageIndex}&pageSize=${pageSize}`;
        const start = performance.now();
        for (let request = 0; request < requestsOfRound; request++) {
          const { data, metadata } = JSON.parse(await server.text(path, 'POST')) as {
            data: unknown[];
            metadata: { totalCount: number };
          };
          if (data.length !== pageSize || metadata.totalCount !== customers) throw new Error('it is wrong');
        }
        return (performance.now() - start) / requestsOfRound;
      };
      for (const page of pages) await round(page);
      const times = new Map<number, number[]>(pages.map((page) => [page, []]));
      for (let turn = 0; turn < rounds; turn++) {
        for (const page of pages) times.get(page)?.push(await round(page));
      }
      const [first = []] = times.values();
      for (const [page, found] of times) {
        report(`${engine}: ${list}, page ${page} of ${customers / pageSize}, ms`, found);
        if (page === pages[0]) continue;
        report(
          `${engine}: ${list}, page ${page} against page 1, ratio`,
          found.map((time, turn) => time / (first[turn] ?? 0)),
        );
      }
    }
  } finally {
    await server.stop();
    await store.remove();
  }
}

const asked = process.argv.slice(2);
for (const engine of engines.filter((name) => asked.length === 0 || asked.includes(name)))
  await measure(engine);
await stopEngines();

/**
 * What writes cost, and what they cost others: `node bench/writes.ts [ENGINE…] [PART…]`, on SQLite and on PostgreSQL where none is named.
 *
 * The parts are `commits`, writes of many clients on SQLite against bare loops; `reads`, seat reads while others write or import; and
 * `import`, an import of 1,000,000 lines against the bare engine. Rounds take turns; figures are medians with the smallest and the largest.
 * `SEATLEDGER_BENCH_LINES` is another number of lines.
 */

import { type Engine, engines, estateProducts, stopEngines } from './estate.ts';
import { measureImport } from './importSpeed.ts';
import { measureReads } from './readsUnderWrites.ts';
import { measureWrites } from './writeSpeed.ts';

const lines = Number(process.env['SEATLEDGER_BENCH_LINES'] ?? 1_000_000);
const customers = Math.ceil(lines / estateProducts.length);

const parts = {
  commits: async (engine: Engine) => {
    // So many that none has more than a few lines at the end: what a line costs grows with those of its holding.
    if (engine === 'sqlite') await measureWrites(100_000, 7);
  },
  reads: (engine: Engine) => measureReads(engine, customers, 5),
  import: (engine: Engine) => measureImport(engine, customers, 3),
};

const asked = process.argv.slice(2);
const isAsked = (name: string, names: readonly string[]) =>
  asked.includes(name) || !names.some((one) => asked.includes(one));
for (const engine of engines.filter((name) => isAsked(name, engines))) {
  for (const [name, measure] of Object.entries(parts)) {
    if (isAsked(name, Object.keys(parts))) await measure(engine);
  }
}
await stopEngines();

/** Single-row selects by the driver alone: `node bench/driverReads.ts URL CUSTOMERS SECONDS` prints how many it did a second. */

import pg from 'pg';
import { customerOf, estateProducts } from './estate.ts';

const [url = '', customersText, secondsText] = process.argv.slice(2);
const customers = Number(customersText);
/** As many as a server has for answers, and as many requests under way as are asked of it. */
const sessions = 10;
const underway = 32;
const pool = new pg.Pool({ connectionString: url, max: sessions });
const text =
  'select timeline, assigned from holdings where partner_id = 1 and customer_id = $1 and product_type = $2';

async function select(): Promise<void> {
  const id = customerOf(1 + Math.floor(Math.random() * customers));
  const type = estateProducts[Math.floor(Math.random() * estateProducts.length)];
  const { rowCount } = await pool.query({ name: 'seats', text, values: [id, type] });
  if (rowCount !== 1) throw new Error('the row is not there');
}

async function run(seconds: number): Promise<number> {
  let done = 0;
  const beganAt = performance.now();
  const endsAt = beganAt + seconds * 1000;
  async function asker() {
    for (; performance.now() < endsAt; done++) await select();
  }
  await Promise.all(Array.from({ length: underway }, asker));
  return (done * 1000) / (performance.now() - beganAt);
}

await run(Math.min(1, Number(secondsText)));
console.log(await run(Number(secondsText)));
await pool.end();

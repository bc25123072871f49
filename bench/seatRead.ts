/**
 * What a seat read costs here and in another checkout: `node bench/seatRead.ts OTHER [FLAGS OF SERVE HERE…]`.
 *
 * A server of each in a process of its own, on the sample, asked in turns over the same number of connections. Compared is the time on the
 * processor for one answer, over all threads of a server: it hardly changes with what else the machine does.
 */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { Agent, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const rounds = 15;
const perRound = 4000;
const connections = 8;
const path =
  '/partner/external/v3/general/customers/4de84505-fa99-5266-a644-e6bac921c6c9/avpt-products/type/2048/overview';

interface Side {
  readonly ask: (count: number) => Promise<void>;
  readonly processorMs: () => number;
  readonly microseconds: number[];
  readonly stop: () => Promise<void>;
}

const [other, ...flags] = process.argv.slice(2);
if (other === undefined) throw new Error('name the folder of another checkout');
const folder = mkdtempSync(join(tmpdir(), 'seatledger-bench-'));
const there = await open('there', resolve(other), []);
const here = await open('here', resolve(import.meta.dirname, '..'), flags);
try {
  for (const side of [there, here]) await side.ask(perRound);
  for (let round = 0; round < rounds; round++) {
    for (const side of round % 2 === 0 ? [there, here] : [here, there]) {
      const before = side.processorMs();
      await side.ask(perRound);
      side.microseconds.push(((side.processorMs() - before) * 1000) / perRound);
    }
  }
  const ratios = here.microseconds.map((time, round) => time / (there.microseconds[round] ?? Number.NaN));
  console.log(`there ${spread(there.microseconds, 1)} microseconds of the processor an answer`);
  console.log(`here  ${spread(here.microseconds, 1)}`);
  console.log(`here to there ${spread(ratios, 3)}`);
} finally {
  await Promise.all([there.stop(), here.stop()]);
  rmSync(folder, { recursive: true });
}

async function open(name: string, checkout: string, more: readonly string[]): Promise<Side> {
  const command = join(checkout, 'packages/cli/bin/seatledger.js');
  const serve = ['serve', '--sample', '--json', '--port', '0', '--rate-limit', '0'];
  const server = spawn(process.execPath, [command, ...serve, '--data', join(folder, name), ...more], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  const { url, clientId, clientSecret } = JSON.parse(line) as Record<string, string>;
  const form = {
    grant_type: 'client_credentials',
    client_id: clientId ?? '',
    client_secret: clientSecret ?? '',
  };
  const granted = await fetch(`${url}/connect/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  const agent = new Agent({ keepAlive: true, maxSockets: connections });

  return {
    microseconds: [],
    async ask(count) {
      let left = count;
      async function client() {
        while (left-- > 0) {
          const sent = request(`${url}${path}`, {
            agent,
            headers: { authorization: `Bearer ${token}` },
          }).end();
          const [answer] = await once(sent, 'response');
          if (answer.statusCode !== 200) throw new Error(`the answer is ${answer.statusCode}`);
          answer.resume();
          await once(answer, 'end');
        }
      }
      await Promise.all(Array.from({ length: connections }, client));
    },
    processorMs() {
      const tasks = `/proc/${server.pid}/task`;
      const nanoseconds = readdirSync(tasks).map((task) =>
        Number(readFileSync(`${tasks}/${task}/schedstat`, 'utf8').split(' ')[0]),
      );
      return nanoseconds.reduce((sum, one) => sum + one, 0) / 1e6;
    },
    async stop() {
      agent.destroy();
      const closed = once(server, 'close');
      server.kill();
      await closed;
    },
  };
}

function spread(values: readonly number[], digits: number): string {
  const sorted = values.toSorted((one, next) => one - next);
  const at = (share: number) => sorted[Math.floor(share * (sorted.length - 1))]?.toFixed(digits) ?? '';
  return `${at(0.5)} (${at(0)} to ${at(1)})`;
}

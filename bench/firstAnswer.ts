/** How long a started server takes to its first seat answer: `node bench/firstAnswer.ts [RUNS]`, in milliseconds. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const runs = Number(process.argv[2] ?? 9);
const command = fileURLToPath(new URL('../packages/cli/bin/seatledger.js', import.meta.url));
const path =
  '/partner/external/v3/general/customers/4de84505-fa99-5266-a644-e6bac921c6c9/avpt-products/type/2048/overview';

interface Ready {
  readonly url: string;
  readonly clientId?: string;
  readonly clientSecret?: string;
}

/** Starts a server on the folder and resolves once it says that it is ready. */
async function start(
  dataFolder: string,
): Promise<{ readonly ready: Ready; readonly stop: () => Promise<void> }> {
  const args = ['serve', '--sample', '--json', '--host', '127.0.0.1', '--port', port, '--data', dataFolder];
  const server = spawn(process.execPath, [command, ...args], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [line] = (await once(server.stdout.setEncoding('utf8'), 'data')) as [string];
  return {
    ready: JSON.parse(line) as Ready,
    async stop() {
      const closed = once(server, 'close');
      server.kill();
      await closed;
    },
  };
}

/** A port that stays the same, because tokens are issued for the origin that the server listens on. */
const port = '18080';
const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
try {
  const first = await start(folder);
  const { url, clientId = '', clientSecret = '' } = first.ready;
  const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
  const granted = await fetch(`${url}/connect/token`, { method: 'POST', body: new URLSearchParams(form) });
  const { access_token: token } = (await granted.json()) as { access_token: string };
  await first.stop();

  const times: number[] = [];
  for (let run = 0; run < runs; run++) {
    const startedAt = performance.now();
    const { stop } = await start(folder);
    const response = await fetch(url + path, { headers: { authorization: `Bearer ${token}` } });
    if (response.status !== 200) throw new Error(await response.text());
    await response.text();
    times.push(performance.now() - startedAt);
    await stop();
  }
  times.sort((one, other) => one - other);
  const [least, median, most] = [times[0], times[Math.floor(runs / 2)], times[runs - 1]].map((time) =>
    Math.round(time ?? Number.NaN),
  );
  console.log(`first answer after start: median ${median} ms, from ${least} to ${most} ms, ${runs} runs`);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

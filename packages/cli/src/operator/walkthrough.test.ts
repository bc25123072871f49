import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { anotherAppText, curlCommands, walkthroughText } from './walkthrough.ts';

const server = {
  url: 'http://127.0.0.1:8080',
  clientId: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
  clientSecret: 'sls_Zm9yIGV4YW1wbGU_-',
};

test('pasted into a shell, the first command keeps the token and the second sends it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
  t.after(() => rm(folder, { recursive: true }));
  const answer = '{"access_token":"ey.J0-_","token_type":"Bearer","expires_in":3600,"scope":"x"}';
  // Stands for curl, to see the words that the shell makes of the commands; e2e/cli runs them with curl itself.
  const curl = `#!/bin/sh\nprintf '[%s]' "$@" >&2\nprintf '%s' '${answer}'\n`;
  await writeFile(join(folder, 'curl'), curl, { mode: 0o755 });
  const { token, seats } = curlCommands(server);
  const { stderr, status } = spawnSync('sh', ['-e'], {
    input: `${token}\n${seats}\n`,
    encoding: 'utf8',
    env: { PATH: `${folder}${delimiter}/usr/bin${delimiter}/bin` },
  });
  assert.equal(status, 0);
  const path =
    '/partner/external/v3/general/customers/4de84505-fa99-5266-a644-e6bac921c6c9/avpt-products/type/2048/overview';
  assert.equal(
    stderr,
    '[-sS][http://127.0.0.1:8080/connect/token][-d][grant_type=client_credentials]' +
      '[-d][scope=elements.license.read.all][-d][client_id=7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11]' +
      '[-d][client_secret=sls_Zm9yIGV4YW1wbGU_-]' +
      `[-sS][-H][Authorization: Bearer ey.J0-_][http://127.0.0.1:8080${path}]`,
  );
});

test('the walkthrough holds the commands as they are pasted, and the secret', () => {
  const text = walkthroughText(server);
  const { token, seats } = curlCommands(server);
  for (const part of [server.url, server.clientId, server.clientSecret, `\n${token}\n`, `\n${seats}\n`]) {
    assert.ok(text.includes(part), part);
  }
});

test('a data folder with blanks and quotes is one word of the command', () => {
  const text = anotherAppText({ url: 'http://[::1]:8080', dataFolder: "/tmp/it's mine" });
  const command = text.split('\n').find((line) => line.includes('--data')) ?? '';
  const lastWord = `npx() { for word; do :; done; printf '%s' "$word"; }`;
  const { stdout } = spawnSync('sh', ['-c', `${lastWord}; ${command}`], { encoding: 'utf8' });
  assert.equal(stdout, "/tmp/it's mine");
});

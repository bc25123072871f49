import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { test } from 'node:test';
import { temporaryFolder } from './product.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  test(`npm start ends with 0 on ${signal}, and leaves nobody on its port`, async () => {
    await using folder = await temporaryFolder();
    const { PATH = '', HOME = '' } = process.env;
    const npm = spawn('npm', ['start'], {
      cwd: root,
      env: { PATH, HOME, PORT: '0', DATA: folder.path },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const closed = once(npm, 'close');
    let printed = '';
    let url: string | undefined;
    for await (const text of npm.stdout.setEncoding('utf8')) {
      printed += text;
      url = /listens on (http:\S+)\n[^]*The answer is/.exec(printed)?.[1];
      if (url !== undefined) break;
    }
    assert.ok(url, printed);
    npm.stdout.resume();
    npm.kill(signal);
    assert.deepEqual(await closed, [0, null]);
    await assert.rejects(fetch(url));
  });
}

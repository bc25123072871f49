import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { after, describe, test, type TestContext } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import {
  asApp,
  commandFile,
  createApp,
  seatledger,
  startCommand,
  startProduct,
  temporaryFolder,
  type Variables,
} from '../product.ts';
import { commandsIn } from './answers.ts';

const folder = await temporaryFolder();
const work = await temporaryFolder();
const admin = await createApp(folder.path, [
  'seatledger.admin',
  'seatledger.write',
  'seatledger.read',
  'elements.license.read.all',
]);
const product = await startProduct(folder.path);
after(async () => {
  await product.stop();
  await folder[Symbol.asyncDispose]();
  await work[Symbol.asyncDispose]();
});
const asAdmin = commandsIn(asApp(product, admin));
const { run, answer, refusal } = commandsIn({});
const data = (path: string) => ['--data', path];
const at = (name: string) => join(work.path, name);

/** Enough that a restore takes a while. */
const lines = Array.from({ length: 20_000 }, (_, index) => `customer-${index},2048,${index % 100}\n`);
await asAdmin.answer(['import', '-'], `customerId,productType,seats\ncontoso,2048,25\n${lines.join('')}`);
await asAdmin.answer(['assignment', 'assign', 'contoso', '2048', 'ada@x.example']);
const { sequence, hash } = await asAdmin.answer(['events', 'head']);
const head = { partner: 'default', sequence, hash };

const file = at('server.backup');
const made = await asAdmin.answer(['backup', file]);

describe('a backup', () => {
  test('of a running server names its head, and is readable for its owner alone', async () => {
    assert.deepEqual([made.scope, made.heads], ['partner', [head]]);
    const { size, mode } = await stat(file);
    assert.deepEqual([made.bytes, mode & 0o777], [size, 0o600]);
    assert.deepEqual(JSON.parse((await readFile(file, 'latin1')).split('\n', 1)[0] ?? '').heads, [head]);
    assert.deepEqual(readdirSync(join(folder.path, 'staging')), []);
  });

  test('of a data folder is made beside its server, and of the whole store', async () => {
    const store = await answer(['backup', at('store.backup'), ...data(folder.path)]);
    assert.deepEqual([store.scope, store.heads], ['store', [head]]);
    const told = await run(['backup', 'create', at('told.backup'), ...data(folder.path)]);
    assert.equal(told.exitCode, 0, told.stderr);
    assert.match(
      told.stdout,
      new RegExp(`^Backed up the whole store, as of [^]*default +${sequence} +${hash}\n$`),
    );
  });

  test('does not replace a file unasked', async () => {
    const before = await readFile(file);
    for (const place of [data(folder.path), []]) {
      const refused = await asAdmin.refusal(['backup', file, ...place]);
      assert.deepEqual([refused.exitCode, refused.code], [1, 'file_exists']);
    }
    assert.deepEqual(await readFile(file), before);
    await answer(['backup', at('told.backup'), '--force', ...data(folder.path)]);
  });

  test('on stdout is the file and nothing else', () => {
    const script = '"$0" "$1" backup - --data "$2" > "$3"';
    const args = ['-c', script, process.execPath, commandFile, folder.path, at('piped.backup')];
    const piped = spawnSync('sh', args, { encoding: 'utf8' });
    assert.equal(piped.status, 0, piped.stderr);
    assert.match(piped.stderr, /^Backed up the whole store/);
    assert.match(readFileSync(at('piped.backup'), 'latin1'), /^\{"format"[^]*\nsha256 [\da-f]{64}\n$/);
  });

  test('is refused to an app that may not administer the partner, and leaves no file', async () => {
    const reader = await asAdmin.answer([
      'app',
      'create',
      '--name',
      'reader',
      '--permission',
      'seatledger.read',
    ]);
    const refused = await commandsIn(asApp(product, reader)).refusal(['backup', at('refused')]);
    assert.equal(refused.exitCode, 3);
    assert.deepEqual(
      readdirSync(work.path).filter((name) => name.startsWith('refused')),
      [],
    );
  });

  test('that finds the disk full leaves nothing and says so', async () => {
    await mkdir(at('small'));
    // In blocks of 512 bytes: what a shell limits is a file of 8 KiB.
    const script = 'ulimit -f 16; exec "$0" "$1" backup "$3/file" --json --data "$2"';
    const args = ['-c', script, process.execPath, commandFile, folder.path, at('small')];
    const { status, stderr, stdout } = spawnSync('sh', args, { encoding: 'utf8' });
    assert.deepEqual([status, JSON.parse(stderr).code, stdout], [1, 'file_unwritable', '']);
    assert.deepEqual(await readdir(at('small')), []);
  });

  for (const [signal, exitCode] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const) {
    test(`that is ended by ${signal} leaves nothing`, async (t) => {
      await mkdir(at(signal));
      const command = startCommand(['backup', join(at(signal), 'file')], await neverEnding(t));
      await appears(at(signal));
      command.process.kill(signal);
      assert.equal((await command.ended).exitCode, exitCode);
      assert.deepEqual(await readdir(at(signal)), []);
    });
  }
});

/** A server that gives tokens and begins a backup. */
async function neverEnding(t: TestContext): Promise<Variables> {
  const server = createServer(({ url }, response) => {
    if (url === '/connect/token') response.end('{"access_token":"token","expires_in":3600}');
    else response.write('{"format":"seatledger-backup"');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return asApp({ url: `http://127.0.0.1:${address.port}` }, admin);
}

describe('a backup is verified without restoring it', () => {
  test('by its bytes, its rows and its heads', async () => {
    const found = await answer(['backup', 'verify', file]);
    assert.deepEqual([found.heads, found.createdAt, found.scope], [[head], made.createdAt, 'partner']);
    assert.ok(found.rows > lines.length);
  });

  test('and refused where it is cut off, altered or something else', async () => {
    const whole = await readFile(file);
    const altered = Buffer.from(whole);
    const middle = Math.floor(whole.length / 2);
    altered[middle] = ~(whole[middle] ?? 0);
    const damages = { cut: whole.subarray(0, -1), half: whole.subarray(0, middle), altered };
    for (const [name, bytes] of Object.entries({ ...damages, empty: '', other: 'customerId,seats\n' })) {
      await writeFile(at('damaged'), bytes);
      for (const args of [
        ['backup', 'verify', at('damaged')],
        ['restore', at('damaged'), ...data(at('of-damaged'))],
      ]) {
        const refused = await refusal(args);
        assert.deepEqual([refused.exitCode, refused.code], [1, 'backup_damaged'], name);
      }
    }
    assert.ok(!existsSync(at('of-damaged')));
    assert.equal((await refusal(['backup', 'verify', at('none')])).code, 'file_unreadable');
  });
});

describe('a restore', () => {
  test('gives a store with the head of the backup, which answers as before and takes the same apps', async () => {
    const token = await product.token(admin);
    const restored = await answer(['restore', file, ...data(at('restored'))]);
    assert.deepEqual([restored.heads, restored.scope], [[head], 'partner']);
    const [found] = await answer(['verify', '--head', hash, ...data(at('restored'))]);
    assert.deepEqual([found.holds, found.head, found.hasHead], [true, { sequence, hash }, true]);

    await using served = await startProduct(at('restored'));
    const seats = await seatledger(['seats', 'get', 'contoso', '2048'], {
      environment: asApp(served, admin),
    });
    assert.deepEqual([seats.exitCode, seats.stdout], [0, '24\n'], seats.stderr);
    // Keys do not travel: what was revoked after the backup must not come back to life.
    assert.equal(await served.statusFor(token), 401);
  });

  test('goes into nothing that has something', async () => {
    await mkdir(at('used'));
    await writeFile(join(at('used'), 'notes.txt'), 'mine');
    const refused = await refusal(['restore', file, ...data(at('used'))]);
    assert.deepEqual([refused.exitCode, refused.code], [1, 'store_not_empty']);
    assert.equal((await refusal(['restore', file, ...data(folder.path)])).code, 'data_folder_in_use');
    assert.equal(await readFile(join(at('used'), 'notes.txt'), 'utf8'), 'mine');
  });

  test('that finds the disk full leaves nothing and says so', async () => {
    const script = 'ulimit -f 2048; exec "$0" "$1" restore "$2" --json --data "$3"';
    const args = ['-c', script, process.execPath, commandFile, file, at('full')];
    const { status, stderr } = spawnSync('sh', args, { encoding: 'utf8' });
    assert.deepEqual([status, JSON.parse(stderr).code], [1, 'storage_full']);
    assert.deepEqual((await readdir(at('full'))).toSorted(), ['lock', 'lock.owner']);
  });

  test('that is killed leaves nothing that a server takes for a store, until it is done again', async () => {
    await mkdir(at('killed'));
    const command = startCommand(['restore', file, ...data(at('killed'))]);
    await appears(at('killed'), 'seatledger.restoring');
    command.process.kill('SIGKILL');
    assert.equal((await command.ended).exitCode, null);
    assert.ok(!existsSync(join(at('killed'), 'seatledger.db')));

    const refused = await refusal(['serve', '--port', '0', ...data(at('killed'))]);
    assert.deepEqual([refused.exitCode, refused.code], [1, 'restore_unfinished']);
    await answer(['restore', file, ...data(at('killed'))]);
    const [found] = await answer(['verify', '--head', hash, ...data(at('killed'))]);
    assert.ok(found.holds && found.hasHead);
    assert.deepEqual(
      (await readdir(at('killed'))).filter((name) => name.endsWith('restoring')),
      [],
    );
  });

  test('that is ended by Ctrl-C leaves nothing', async () => {
    await mkdir(at('interrupted'));
    const command = startCommand(['restore', file, ...data(at('interrupted'))]);
    await appears(at('interrupted'), 'seatledger.restoring');
    command.process.kill('SIGINT');
    assert.equal((await command.ended).exitCode, 130);
    assert.deepEqual((await readdir(at('interrupted'))).toSorted(), ['lock', 'lock.owner']);
  });
});

/** Resolves once something, or the file of this name, is in the folder; fails where it is not after 20 s. */
async function appears(path: string, name?: string): Promise<void> {
  const endsAtMs = performance.now() + 20_000;
  for (;;) {
    const names = readdirSync(path);
    if (name === undefined ? names.length > 0 : names.includes(name)) return;
    assert.ok(performance.now() < endsAtMs, `nothing appears in ${path}`);
    await pause(5);
  }
}

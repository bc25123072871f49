import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { seatledger, startCommand, startProduct, temporaryFolder } from '../product.ts';

const readyLine = /^seatledger listens on (http:\/\/127\.0\.0\.1:\d+)\n/;

test('serve prints one line when it is ready, answers, and ends with 0 on either signal', async () => {
  await using folder = await temporaryFolder();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    const server = startCommand(['serve', '--port', '0', '--data', folder.path]);
    const [line, url] = await server.printed(readyLine);
    assert.equal((await fetch(`${url}/openapi.json`)).status, 200);
    server.process.kill(signal);
    const { exitCode, stdout } = await server.ended;
    assert.deepEqual([exitCode, stdout], [0, line]);
  }
});

test('serve on localhost is at 127.0.0.1, under its own name', async () => {
  await using folder = await temporaryFolder();
  await using product = await startProduct(folder.path, { args: ['--host', 'localhost'] });
  const { hostname, port } = new URL(product.url);
  assert.equal(hostname, 'localhost');
  assert.equal((await fetch(`http://127.0.0.1:${port}/openapi.json`)).status, 200);
});

test('serve without --sample makes neither data nor a credential', async () => {
  await using folder = await temporaryFolder();
  await using product = await startProduct(folder.path);
  assert.equal(product.sampleApp, undefined);
  await product.stop();
  const { stdout } = await seatledger(['partner', 'list', '--json', '--data', folder.path]);
  assert.deepEqual(JSON.parse(stdout), []);
});

test('serve --sample with --json is one object with the app, on the first start alone', async () => {
  await using folder = await temporaryFolder();
  for (const isFirst of [true, false]) {
    const server = startCommand(['serve', '--sample', '--json', '--port', '0', '--data', folder.path]);
    await server.printed(/\n/);
    server.process.kill('SIGTERM');
    const { stdout } = await server.ended;
    const members = ['url', ...(isFirst ? ['clientId', 'clientSecret'] : [])];
    assert.deepEqual(Object.keys(JSON.parse(stdout)), members);
  }
});

test('the commands that serve --sample prints are pasted as they are and give the answer it prints', async () => {
  await using folder = await temporaryFolder();
  const args = ['serve', '--sample', '--port', '0', '--data', folder.path];
  const server = startCommand(args);
  const [text, answer] = await server.printed(/^[^]*The answer is (.*)\n/);
  const commands = text.split('\n\n').filter((part) => /^(TOKEN=\$\()?curl /.test(part));
  assert.equal(commands.length, 2);
  for (const shell of ['/bin/sh', '/bin/bash', '/bin/zsh'].filter((path) => existsSync(path))) {
    const pasted = spawnSync(shell, { input: `${commands.join('\n')}\n`, encoding: 'utf8' });
    assert.deepEqual([pasted.stdout, pasted.stderr], [answer, ''], shell);
  }
  server.process.kill('SIGTERM');
  assert.equal((await server.ended).exitCode, 0);

  const later = startCommand(args);
  const [again] = await later.printed(/^[^]*--client-secret-file FILE\n/);
  later.process.kill('SIGTERM');
  await later.ended;
  assert.ok(
    again.includes(`app create --name NAME --permission elements.license.read.all --data ${folder.path}\n`),
  );
  assert.ok(!again.includes('sls_'));
});

test('a sample is refused where others could reach it, and on a database', async () => {
  await using folder = await temporaryFolder();
  const serve = ['serve', '--sample', '--json', '--port', '0', '--data', folder.path];
  const refusals = await Promise.all([
    seatledger([...serve, '--host', '0.0.0.0']),
    seatledger(serve, { environment: { HOST: '::' } }),
    seatledger(serve, { environment: { DATABASE_URL: 'postgres://localhost/seats' } }),
  ]);
  for (const { exitCode, stdout, stderr } of refusals) {
    assert.deepEqual([exitCode, stdout, JSON.parse(stderr).code], [2, '', 'usage_wrong']);
  }
});

test('what keeps a server from starting is told by its code', async () => {
  await using folder = await temporaryFolder();
  await using other = await temporaryFolder();
  await using product = await startProduct(folder.path);
  const { port } = new URL(product.url);
  const file = join(other.path, 'file');
  await writeFile(file, '');
  const cases: readonly (readonly [args: readonly string[], code: string, exitCode: number])[] = [
    [['--port', '0', '--data', folder.path], 'data_folder_in_use', 1],
    [['--port', '0', '--data', file], 'data_folder_unusable', 1],
    [['--port', port, '--data', other.path], 'address_unusable', 1],
    [
      ['--data', other.path, '--host', '203.0.113.1', '--public-url', 'https://seats.example.com'],
      'address_unusable',
      1,
    ],
    [['--data', other.path, '--host', '203.0.113.1'], 'usage_wrong', 2],
    [
      ['--data', other.path, '--host', '0.0.0.0', '--public-url', 'http://seats.example.com'],
      'usage_wrong',
      2,
    ],
    [['--data', other.path, '--tls-key', file], 'usage_wrong', 2],
    [['--data', other.path, '--tls-key', file, '--tls-certificate', file], 'usage_wrong', 2],
    [['--trust-proxy', 'everybody'], 'usage_wrong', 2],
    [['--cors-origin', '*'], 'usage_wrong', 2],
    [['--rate-limit', 'many'], 'usage_wrong', 2],
    [['--port', 'eighty'], 'usage_wrong', 2],
    [['--port', '65536'], 'usage_wrong', 2],
    [['--public-url', 'seats.example.com'], 'usage_wrong', 2],
    [['unexpected'], 'usage_wrong', 2],
  ];
  for (const [args, code, exitCode] of cases) {
    const outcome = await seatledger(['serve', '--json', ...args]);
    assert.deepEqual(
      [JSON.parse(outcome.stderr).code, outcome.exitCode, outcome.stdout],
      [code, exitCode, ''],
    );
  }
});

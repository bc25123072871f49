import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createServer } from 'node:http';
import { test, type TestContext } from 'node:test';
import { commandFile, seatledger, startCommand } from '../product.ts';

const app = { SEATLEDGER_CLIENT_ID: 'app', SEATLEDGER_CLIENT_SECRET: 'sls_secret' };

/** A server that is no seatledger: `silent` takes requests and answers none. */
async function foreignServer(
  t: TestContext,
  silent: boolean,
): Promise<{ url: string; asked: Promise<unknown> }> {
  const server = createServer((_, response) => {
    if (!silent) response.writeHead(404, { 'content-type': 'text/html' }).end('<h1>Not Found</h1>');
  }).listen(0, '127.0.0.1');
  const asked = once(server, 'request');
  await once(server, 'listening');
  t.after(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  assert.ok(typeof address === 'object' && address !== null);
  return { url: `http://127.0.0.1:${address.port}`, asked };
}

test('wrong usage ends with 2 and prints nothing on stdout', async () => {
  const [missing, unknown] = await Promise.all([
    seatledger([]),
    seatledger(['products', '--json', '--wide']),
  ]);
  assert.deepEqual([missing.exitCode, missing.stdout, unknown.exitCode, unknown.stdout], [2, '', 2, '']);
  const { code, exitCode } = JSON.parse(unknown.stderr);
  assert.deepEqual([code, exitCode], ['usage_wrong', 2]);
});

test('without an app nothing is asked', async () => {
  for (const environment of [{}, { SEATLEDGER_CLIENT_ID: 'app' }, { SEATLEDGER_CLIENT_SECRET: 'x' }]) {
    assert.equal((await seatledger(['seats', 'list'], { environment })).exitCode, 2);
  }
});

test('a server that is not there is told with its URL', async () => {
  const environment = { ...app, SEATLEDGER_SERVER: 'http://127.0.0.1:1' };
  const { exitCode, stderr } = await seatledger(['seats', 'list', '--json'], { environment });
  const { code, message } = JSON.parse(stderr);
  assert.deepEqual([exitCode, code], [1, 'server_unreachable']);
  assert.ok(message.includes('http://127.0.0.1:1'));
});

test('a server that is no seatledger is told so, and its 404 is not one of a thing that was asked for', async (t) => {
  const { url } = await foreignServer(t, false);
  const environment = { ...app, SEATLEDGER_SERVER: url };
  const { exitCode, stderr } = await seatledger(['seats', 'get', 'contoso', '2048', '--json'], {
    environment,
  });
  assert.deepEqual([exitCode, JSON.parse(stderr).code], [1, 'answer_unreadable']);
  assert.ok(!stderr.includes('sls_secret'));
});

test('Ctrl-C ends a command that waits for its server with 130', async (t) => {
  const { url, asked } = await foreignServer(t, true);
  const command = startCommand(['seats', 'list'], { ...app, SEATLEDGER_SERVER: url });
  await asked;
  command.process.kill('SIGINT');
  assert.deepEqual(await command.ended, { exitCode: 130, stdout: '', stderr: '' });
});

test('a reader that has seen enough ends the command quietly', () => {
  const script = `"$0" "$1" products --json | head -n 1; "$0" "$1" products | :`;
  const { stdout, stderr, status } = spawnSync('sh', ['-c', script, process.execPath, commandFile], {
    encoding: 'utf8',
  });
  assert.deepEqual([status, stdout, stderr], [0, '[\n', '']);
});

test('output that cannot be written is a failure', { skip: !existsSync('/dev/full') }, () => {
  const { stderr, status } = spawnSync(
    'sh',
    ['-c', '"$0" "$1" products --json > /dev/full', process.execPath, commandFile],
    {
      encoding: 'utf8',
    },
  );
  assert.deepEqual([status, JSON.parse(stderr).code], [1, 'output_unwritable']);
});

test('an older Node is refused with the way to the right one', () => {
  const older = "data:text/javascript,Object.defineProperty(process,'versions',{value:{node:'20.20.2'}})";
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--import', older, commandFile, 'products'],
    {
      encoding: 'utf8',
    },
  );
  assert.deepEqual([status, stdout], [1, '']);
  for (const word of ['20.20.2', '26', 'npm ci', 'npm start', 'npx seatledger'])
    assert.ok(stderr.includes(word), word);
});

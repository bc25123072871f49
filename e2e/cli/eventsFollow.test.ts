import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, test } from 'node:test';
import type { RecordedEvent } from '@seatledger/contract';
import {
  asApp,
  createApp,
  type RunningCommand,
  startCommand,
  startProduct,
  temporaryFolder,
} from '../product.ts';
import { commandsIn } from './answers.ts';

const folder = await temporaryFolder();
after(() => folder[Symbol.asyncDispose]());
const admin = await createApp(folder.path, ['seatledger.admin', 'seatledger.read', 'seatledger.write']);
let product = await startProduct(folder.path);
after(() => product.stop());
const environment = asApp(product, admin);
const { run, answer, refusal } = commandsIn(environment);

let customers = 0;
const addCustomer = () =>
  answer(['customer', 'create', `customer-${(customers += 1)}`, '--organization', 'Contoso']);
const listed = (): Promise<readonly RecordedEvent[]> => answer(['events', 'list']);

async function isInterrupted(command: RunningCommand) {
  command.process.kill('SIGINT');
  return command.ended;
}

test('events list and follow show an administrator what became of apps', async () => {
  const kinds = (await listed()).map(({ kind }) => kind);
  assert.ok(kinds.includes('app.created'), kinds.join());
});

test('events follow prints each event once, over a restart of the server, and ends with 0 at Ctrl-C', async () => {
  const following = startCommand(['events', 'follow', '--after', '0', '--json'], environment);
  await following.printed(/app\.created/);
  await addCustomer();
  await following.printed(/customer-1"/);

  const { port } = new URL(product.url);
  const noticed = once(following.process.stderr, 'data');
  await product.stop();
  await noticed;
  product = await startProduct(folder.path, { args: ['--port', port] });
  await addCustomer();
  await addCustomer();
  await following.printed(/customer-3"/);
  await addCustomer();
  await following.printed(/customer-4"/);

  const { exitCode, stdout, stderr } = await isInterrupted(following);
  assert.equal(exitCode, 0);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line));
  assert.deepEqual(events, await listed());
  assert.match(stderr, /^(?:seatledger: .+ Going on in \d+ s, after event \d+\.\n)+$/);
});

test('events follow begins with what is recorded from now on, as a table whose lines come one at a time', async () => {
  const following = startCommand(['events', 'follow'], environment);
  await following.printed(/^ *EVENT +RECORDED +KIND .*\n/);
  // Where it begins is known to the server alone: what is recorded before it has begun is not shown.
  const stop = new AbortController();
  const shown = following.printed(/customer\.created +customer-\d+/).finally(() => stop.abort());
  while (!stop.signal.aborted) await addCustomer();
  await shown;
  const { exitCode, stdout, stderr } = await isInterrupted(following);
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.doesNotMatch(stdout, /app\.created/);
});

test('events follow ends with 3 once the app may not read any more', async () => {
  const made = await answer(['app', 'create', '--name', 'reader', '--permission', 'seatledger.read']);
  const following = startCommand(['events', 'follow', '--after', '0', '--json'], asApp(product, made));
  await following.printed(/customer\.created/);
  await answer(['app', 'disable', made.clientId]);
  const { exitCode, stderr } = await following.ended;
  assert.equal(exitCode, 3, stderr);
  assert.equal(JSON.parse(stderr.trimEnd().split('\n').at(-1) ?? '').code, 'invalid_client');
});

test('events follow fails as any command where it cannot begin', async () => {
  const beyond = await refusal(['events', 'follow', '--after', '1000000']);
  assert.deepEqual([beyond.code, beyond.errors[0].code], ['parameter_invalid', 'after_last_event']);
  const { exitCode } = await run(['events', 'follow', '--server', 'http://127.0.0.1:1', '--json']);
  assert.equal(exitCode, 1);
});

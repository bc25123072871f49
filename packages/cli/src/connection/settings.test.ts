import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { test } from 'node:test';
import type { CommandContext } from '../commandContext.ts';
import { type Environment, readEnvironment } from '../environment.ts';
import { Failure } from '../failure.ts';
import { type ConnectionOptions, readConnectionSettings } from './settings.ts';

function contextWith(environment: Partial<Environment> = {}, stdin = ''): CommandContext {
  return {
    environment: { ...readEnvironment({}), ...environment },
    stdin: Readable.from([Buffer.from(stdin)]),
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    interrupted: new AbortController().signal,
  };
}

const app = { clientId: 'app', clientSecret: 'from-environment' };

async function assertWrong(options: ConnectionOptions, context: CommandContext, exitCode = 2): Promise<void> {
  await assert.rejects(
    readConnectionSettings(options, context),
    (error) => error instanceof Failure && error.facts.exitCode === exitCode,
  );
}

test('the environment says where and as whom, and options win over it', async () => {
  assert.deepEqual(await readConnectionSettings({}, contextWith(app)), {
    server: 'http://127.0.0.1:8080',
    clientId: 'app',
    clientSecret: 'from-environment',
  });
  const settings = await readConnectionSettings(
    { server: 'https://seats.example.com/base/', clientId: 'other', clientSecretFile: '-' },
    contextWith({ ...app, server: 'http://elsewhere' }, 'from-stdin\n'),
  );
  assert.deepEqual(settings, {
    server: 'https://seats.example.com/base',
    clientId: 'other',
    clientSecret: 'from-stdin',
  });
});

test('a secret is read from its file without the line feed that editors add', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
  t.after(() => rm(folder, { recursive: true }));
  const file = join(folder, 'secret');
  await writeFile(file, 'from-file\r\n');
  const { clientSecret } = await readConnectionSettings({ clientSecretFile: file }, contextWith(app));
  assert.equal(clientSecret, 'from-file');
  await writeFile(file, '\n');
  await assertWrong({ clientSecretFile: file }, contextWith(app));
  await assertWrong({ clientSecretFile: join(folder, 'none') }, contextWith(app), 1);
});

test('a missing app, a missing secret and a server that is no origin are wrong usage', async () => {
  await assertWrong({}, contextWith({ clientSecret: 'x' }));
  await assertWrong({}, contextWith({ clientId: 'x' }));
  await assertWrong({ clientSecretFile: '-' }, contextWith(app, ''));
  for (const server of ['', 'seats.example.com', 'ftp://x', 'http://u:p@x', 'http://x/?q=1', 'http://x/#f']) {
    await assertWrong({ server }, contextWith(app));
  }
});

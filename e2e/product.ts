/**
 * The product as its users run it: the command in a process of its own, the server on a free port of loopback.
 *
 * Processes and folders are disposable (`await using`), and none of them outlives the process of the test. Nothing of the environment
 * of whoever runs the tests reaches them but the search path.
 */

import assert from 'node:assert/strict';
import { type ChildProcess, type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { isDeepStrictEqual } from 'node:util';
import type { Permission } from '@seatledger/contract';

export const commandFile = fileURLToPath(new URL('../packages/cli/bin/seatledger.js', import.meta.url));

export type Variables = Readonly<Record<string, string>>;

export interface Outcome {
  /** Null where a signal ended the process. */
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `seatledger` with these arguments until it ends. */
export async function seatledger(
  args: readonly string[],
  { input = '', environment = {} }: { input?: string; environment?: Variables } = {},
): Promise<Outcome> {
  const command = startCommand(args, environment);
  command.process.stdin.end(input);
  return command.ended;
}

export interface RunningCommand {
  readonly process: ChildProcessWithoutNullStreams;
  readonly ended: Promise<Outcome>;
  /** Resolves once its stdout matches; fails where it ends without. */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts `seatledger` with these arguments, its streams being pipes; by the words of a launcher before it where there are some. */
export function startCommand(
  args: readonly string[],
  environment: Variables = {},
  launcher: readonly string[] = [],
): RunningCommand {
  const { PATH = '' } = process.env;
  const [program = '', ...words] = [...launcher, process.execPath, commandFile, ...args];
  const child = spawn(program, words, { env: { PATH, ...environment } });
  running.add(child);
  // A command that ends before it has read its input breaks the pipe; whether it should have, its outcome says.
  child.stdin.on('error', () => undefined);

  const output = { stdout: '', stderr: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    output.stderr += text;
  });
  const closed = once(child, 'close');
  const ended = closed.then(() => {
    running.delete(child);
    return { exitCode: child.exitCode, ...output };
  });

  return {
    process: child,
    ended,
    async printed(pattern) {
      for (;;) {
        const match = pattern.exec(output.stdout);
        if (match !== null) return match;
        if (!running.has(child))
          assert.fail(`seatledger ${args.join(' ')} printed no ${pattern}: ${output.stderr}`);
        await Promise.race([once(child.stdout, 'data'), ended]);
      }
    },
  };
}

const running = new Set<ChildProcess>();
process.once('exit', () => {
  for (const child of running) child.kill('SIGKILL');
});
// Ended by a signal, a process has no exit event.
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));

export interface TemporaryFolder extends AsyncDisposable {
  readonly path: string;
}

export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = await mkdtemp(join(tmpdir(), 'seatledger-e2e-'));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface App {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Registers an app in the data folder of a server that is not running, with further arguments of `app create` where given. */
export async function createApp(
  dataFolder: string,
  permissions: readonly Permission[],
  args: readonly string[] = [],
): Promise<App> {
  const create = ['app', 'create', '--json', '--data', dataFolder, '--name', 'test'];
  const { exitCode, stdout, stderr } = await seatledger([...create, '--permission', ...permissions, ...args]);
  assert.equal(exitCode, 0, stderr);
  return JSON.parse(stdout);
}

/** The environment variables with which `seatledger` speaks to a server as an app. */
export function asApp({ url }: { url: string }, { clientId, clientSecret }: App): Variables {
  return { SEATLEDGER_SERVER: url, SEATLEDGER_CLIENT_ID: clientId, SEATLEDGER_CLIENT_SECRET: clientSecret };
}

export interface Product extends AsyncDisposable {
  readonly process: ChildProcessWithoutNullStreams;
  readonly url: string;
  /** The app that `--sample` makes on an empty store. */
  readonly sampleApp: App | undefined;
  /** A token with these permissions, or with all that the app holds. */
  token(app: App, permissions?: readonly Permission[]): Promise<string>;
  /** Whether the app gets a token. */
  givesToken(app: App): Promise<boolean>;
  /** The status of an answer to who asks for seats with this token. */
  statusFor(token: string): Promise<number>;
  /** Ends the server as a service manager does, or with another signal, and says how it ended. */
  stop(signal?: 'SIGTERM' | 'SIGINT'): Promise<Outcome>;
  /** Ends the process at once: it can do nothing more. */
  kill(): Promise<Outcome>;
}

/** How long a server may take to end; it promises 5 s. */
const stopTimeoutMs = 10_000;

/** Starts a server on a data folder and resolves once it is ready. */
export function startProduct(
  dataFolder: string,
  { args = [], environment = {} }: { args?: readonly string[]; environment?: Variables } = {},
): Promise<Product> {
  return startServer(['--data', dataFolder, ...args], environment);
}

/**
 * Starts a server on a folder of its own, for all tests of the file that asks for it, and answers the environment of commands that speak to
 * it as an app of these permissions.
 */
export async function serveForFile(permissions: readonly Permission[]): Promise<Variables> {
  const folder = await temporaryFolder();
  const app = await createApp(folder.path, permissions);
  const product = await startProduct(folder.path);
  after(async () => {
    await product.stop();
    await folder[Symbol.asyncDispose]();
  });
  return asApp(product, app);
}

/** Starts a server with these arguments of `serve` and resolves once it is ready. Apps are not limited unless the environment says so. */
export async function startServer(
  args: readonly string[],
  environment: Variables = {},
  launcher: readonly string[] = [],
): Promise<Product> {
  const serve = ['serve', '--json', '--port', '0', ...args];
  const server = startCommand(serve, { RATE_LIMIT: '0', ...environment }, launcher);
  const { url, clientId, clientSecret } = JSON.parse((await server.printed(/^.*\n/))[0]);

  async function stop(signal: 'SIGTERM' | 'SIGINT' = 'SIGTERM'): Promise<Outcome> {
    server.process.kill(signal);
    const late = setTimeout(() => server.process.kill('SIGKILL'), stopTimeoutMs);
    try {
      return await server.ended;
    } finally {
      clearTimeout(late);
    }
  }

  return {
    process: server.process,
    url,
    sampleApp: clientId === undefined ? undefined : { clientId, clientSecret },
    stop,
    kill() {
      server.process.kill('SIGKILL');
      return server.ended;
    },
    async [Symbol.asyncDispose]() {
      await stop();
    },
    async token(app, permissions) {
      const { status, body } = await askForToken(app, permissions);
      assert.equal(status, 200, body);
      return JSON.parse(body).access_token;
    },
    givesToken: async (app) => (await askForToken(app)).status === 200,
    async statusFor(token) {
      const answer = await fetch(`${url}/api/v1/seats`, { headers: { authorization: `Bearer ${token}` } });
      await answer.arrayBuffer();
      return answer.status;
    },
  };

  async function askForToken(
    app: App,
    permissions?: readonly Permission[],
  ): Promise<{ status: number; body: string }> {
    const form = new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: app.clientId,
      client_secret: app.clientSecret,
    });
    if (permissions !== undefined) form.set('scope', permissions.join(' '));
    const answer = await fetch(`${url}/connect/token`, { method: 'POST', body: form });
    return { status: answer.status, body: await answer.text() };
  }
}

/** Resolves once the answer is this one; fails where it is another after 5 s. A server learns within a second of what it is not told. */
export async function becomes<Answer>(ask: () => Promise<Answer>, expected: Answer): Promise<void> {
  const endsAtMs = performance.now() + 5000;
  for (;;) {
    const answer = await ask();
    if (isDeepStrictEqual(answer, expected)) return;
    if (performance.now() > endsAtMs) assert.deepEqual(answer, expected);
    await pause(50);
  }
}

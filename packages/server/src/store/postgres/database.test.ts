import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { createDatabase, type Postgres, queryDatabase, startPostgres } from '../../testing/postgres.ts';
import { migrations } from '../migrations/index.ts';
import { openDatabase } from './database.ts';

let postgres: Postgres;
const temporaryFolder = mkdtempSync(join(tmpdir(), 'seatledger-'));
before(async () => {
  postgres = await startPostgres();
});
after(async () => {
  await postgres.stop();
  rmSync(temporaryFolder, { recursive: true });
});

const open = (url: string) =>
  openDatabase(url, {
    encryptionKey: undefined,
    temporaryFolder,
    newId: () => 'id',
    random: () => 0,
    now: 1_770_000_000_000,
  });

describe('a database', () => {
  test('is migrated once, however many processes open it at once', async () => {
    const { url, drop } = await emptyDatabase();
    for (const each of await Promise.all(Array.from({ length: 4 }, () => open(url)))) await each.close();
    assert.deepEqual(
      await queryDatabase(url, 'select version from schema_migrations order by version'),
      migrations.map(({ version }) => ({ version })),
    );
    await drop();
  });

  test('that a later version migrated is refused, and left as it is', async () => {
    const { url, drop } = await emptyDatabase();
    await (await open(url)).close();
    await queryDatabase(url, "insert into schema_migrations values (9999, 'from the future', 0)");
    await assert.rejects(open(url), { code: 'schema_newer' });
    assert.deepEqual(await queryDatabase(url, 'select max(version) as version from schema_migrations'), [
      { version: 9999 },
    ]);
    await drop();
  });

  test('keeps imports on their way in a folder of its own user, and leaves none', async () => {
    const { url, drop } = await emptyDatabase();
    const opened = await open(url);
    const [folder = ''] = readdirSync(temporaryFolder);
    assert.equal(statSync(join(temporaryFolder, folder)).mode & 0o777, 0o700);
    await opened.close();
    assert.deepEqual(readdirSync(temporaryFolder), []);
    await drop();
  });

  test('that cannot be used is refused with nothing of its URL, and leaves no folder', async () => {
    const secret = 'a-part-of-the-password';
    const withSecret = new URL(postgres.url);
    withSecret.password = secret;
    withSecret.pathname = '/no-such-database';
    for (const url of [
      withSecret.href,
      `postgres://user:${secret}@127.0.0.1:1/seats`,
      `postgres://user@${secret}.invalid/seats`,
    ]) {
      await assert.rejects(open(url), (error) => {
        assert.ok(error instanceof Error && 'code' in error);
        assert.equal(error.code, 'database_unreachable');
        assert.ok(!error.message.includes(secret), error.message);
        return true;
      });
    }
    assert.deepEqual(readdirSync(temporaryFolder), []);
  });
});

async function emptyDatabase(): Promise<{ url: string; drop: () => Promise<void> }> {
  const database = await createDatabase(postgres);
  return { url: database.url, drop: () => database.drop() };
}

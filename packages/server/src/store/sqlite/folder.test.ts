import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, beforeEach, describe, test } from 'node:test';
import { startServer } from '../../app.ts';
import { testConfig } from '../../testing/config.ts';
import { openOperatorStore } from '../../operatorStore.ts';
import { StoreUnavailableError } from '../unavailable.ts';

let folder: string;
const folders: string[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
  folders.push(folder);
});
after(() => folders.forEach((each) => rmSync(each, { recursive: true, force: true })));

function unavailable(code: StoreUnavailableError['code']) {
  return (error: unknown) => error instanceof StoreUnavailableError && error.code === code;
}

/** Opens the folder in a process of its own, and lets it go on until it is killed. */
async function openElsewhere(): Promise<{ pid: number | undefined; kill(): Promise<void> }> {
  const entry = new URL('../../testing/holdFolder.ts', import.meta.url);
  const child = spawn(process.execPath, [entry.pathname, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  return {
    pid: child.pid,
    async kill() {
      const exited = once(child, 'exit');
      child.kill('SIGKILL');
      await exited;
    },
  };
}

describe('a data folder', () => {
  test('is made for its owner alone', async () => {
    const inside = join(folder, 'new', 'data');
    await (await openOperatorStore({ data: inside })).close();
    assert.equal(statSync(inside).mode & 0o777, 0o700);
  });

  test('that others could read is closed to them', async () => {
    chmodSync(folder, 0o755);
    await (await openOperatorStore({ data: folder })).close();
    assert.equal(statSync(folder).mode & 0o777, 0o700);
  });

  test('keeps the signing key in a file of mode 0600, in a folder of mode 0700', async () => {
    const server = await startServer(testConfig({ place: { kind: 'folder', path: folder } }));
    await server.stop();
    const keys = join(folder, 'keys');
    const files = readdirSync(keys);
    const modes = [keys, ...files.map((file) => join(keys, file))].map((path) => statSync(path).mode & 0o777);
    assert.deepEqual(modes, [0o700, 0o600]);
  });

  test('is refused to a second process, by the number of the first, and free once that is killed', async () => {
    const first = await openElsewhere();
    await assert.rejects(openOperatorStore({ data: folder }), (error) => {
      assert.ok(unavailable('data_folder_in_use')(error) && error instanceof Error);
      assert.match(error.message, new RegExp(`process ${first.pid}\\b`));
      return true;
    });
    await first.kill();
    await (await openOperatorStore({ data: folder })).close();
  });

  test('is refused to a second opening in the same process', async () => {
    const first = await openOperatorStore({ data: folder });
    await assert.rejects(openOperatorStore({ data: folder }), unavailable('data_folder_in_use'));
    await first.close();
    await (await openOperatorStore({ data: folder })).close();
  });

  test('that a later version made is refused, and left as it is', async () => {
    await (await openOperatorStore({ data: folder })).close();
    const database = new DatabaseSync(join(folder, 'seatledger.db'));
    database.exec("insert into schema_migrations values (9999, 'from the future', 0)");
    database.close();
    await assert.rejects(openOperatorStore({ data: folder }), unavailable('schema_newer'));
    const again = new DatabaseSync(join(folder, 'seatledger.db'));
    assert.equal(
      again.prepare('select max(version) as version from schema_migrations').get()?.['version'],
      9999,
    );
    again.close();
  });

  test('is migrated once, however often it is opened', async () => {
    for (let time = 0; time < 3; time++) await (await openOperatorStore({ data: folder })).close();
    const database = new DatabaseSync(join(folder, 'seatledger.db'));
    const versions = database.prepare('select version from schema_migrations').all();
    database.close();
    assert.deepEqual(
      versions.map(({ version }) => version),
      [1],
    );
  });

  test('that is a file is refused', async () => {
    const file = join(folder, 'file');
    writeFileSync(file, '');
    await assert.rejects(openOperatorStore({ data: file }), unavailable('data_folder_unusable'));
  });

  test('loses what a killed process left of its imports', async () => {
    mkdirSync(join(folder, 'staging'));
    writeFileSync(join(folder, 'staging', 'left.body'), 'x');
    await (await openOperatorStore({ data: folder })).close();
    assert.deepEqual(readdirSync(join(folder, 'staging')), []);
  });

  test('that a killed process left is one file again after it was open, also where nothing was written', async () => {
    const first = await openElsewhere();
    await first.kill();
    assert.ok(statSync(join(folder, 'seatledger.db-wal')).size > 0);
    await (await openOperatorStore({ data: folder })).close();
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('seatledger')),
      ['seatledger.db'],
    );
  });

  test('keeps what was acknowledged when its process is killed', async () => {
    const first = await openElsewhere();
    await first.kill();
    const reopened = await openOperatorStore({ data: folder });
    assert.deepEqual(
      (await reopened.listPartners()).map(({ name }) => name),
      ['acknowledged'],
    );
    await reopened.close();
  });
});

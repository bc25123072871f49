/** What goes wrong with a data folder is brought about by hand, and is found. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  closeSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, describe, test } from 'node:test';
import { openOperatorStore } from '../operatorStore.ts';
import { examine } from './examine.ts';
import type { Finding } from './finding.ts';

const files = mkdtempSync(join(tmpdir(), 'seatledger-doctor-'));
after(() => rmSync(files, { recursive: true, force: true }));
const data = join(files, 'data');
const store = await openOperatorStore({ data });
await store.createApp({ name: 'first', permissions: ['seatledger.read'] });
await store.close();

async function amiss(): Promise<readonly Finding[]> {
  const findings = await examine({ data }, { environment: {} });
  return findings.filter(({ state }) => state !== 'ok');
}
async function states(): Promise<readonly (readonly [string, string])[]> {
  return (await amiss()).map(({ check, state }) => [check, state]);
}

describe('a data folder', () => {
  test('that others may enter is a problem, and keys that they could read a warning', async () => {
    chmodSync(data, 0o750);
    assert.deepEqual(await states(), [['permissions', 'problem']]);
    assert.equal((await amiss())[0]?.remedy, `chmod 700 ${data}`);
    chmodSync(data, 0o700);
    mkdirSync(join(data, 'keys'));
    writeFileSync(join(data, 'keys', 'of-somebody'), '');
    chmodSync(join(data, 'keys', 'of-somebody'), 0o644);
    assert.deepEqual(await states(), [['permissions', 'warning']]);
    chmodSync(join(data, 'keys', 'of-somebody'), 0o600);
    assert.deepEqual(await states(), []);
  });

  test('that is not there, or has no store, is a problem, and is not made', async () => {
    const missing = join(files, 'none');
    for (const named of [missing, files]) {
      const findings = await examine({ data: named }, { environment: {} });
      assert.deepEqual(findings.find(({ state }) => state !== 'ok')?.check, 'folder');
    }
    assert.equal(statSync(missing, { throwIfNoEntry: false }), undefined);
  });

  test('whose server was killed is looked at with all that was acknowledged, and left as it is', async () => {
    // What a server that is killed leaves: a log that is not brought into the file yet.
    const writer = new DatabaseSync(join(data, 'seatledger.db'));
    writer.exec('update schema_migrations set version = version + 1');
    cpSync(data, join(files, 'killed'), { recursive: true });
    writer.exec('update schema_migrations set version = version - 1');
    writer.close();
    const killed = join(files, 'killed');
    assert.ok(statSync(join(killed, 'seatledger.db-wal')).size > 0);
    const contents = () =>
      ['seatledger.db', 'seatledger.db-wal'].map((name) => readFileSync(join(killed, name), 'hex'));
    const untouched = contents();
    const findings = await examine({ data: killed }, { environment: {} });
    assert.equal(findings.find(({ check }) => check === 'schema')?.state, 'problem');
    assert.deepEqual(contents(), untouched);
  });

  test('whose database file is damaged, or is none, is a problem', async () => {
    const path = join(data, 'seatledger.db');
    const whole = readFileSync(path);
    const file = openSync(path, 'r+');
    for (let page = 2; page < whole.length / 4096; page++)
      writeSync(file, randomBytes(2048), 0, 2048, page * 4096);
    closeSync(file);
    assert.deepEqual(await states(), [['integrity', 'problem']]);
    writeFileSync(path, 'no database');
    assert.deepEqual(await states(), [['integrity', 'problem']]);
    writeFileSync(path, whole);
    assert.deepEqual(await states(), []);
  });
});

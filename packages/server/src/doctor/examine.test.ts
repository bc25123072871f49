/** What goes wrong with a store is brought about by hand, and is found, and its remedy mends it. */

import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { globSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { startServer } from '../app.ts';
import { openOperatorStore } from '../operatorStore.ts';
import { schemaVersion } from '../store/migrate.ts';
import { testConfig } from '../testing/config.ts';
import { testEngine } from '../testing/engine.ts';
import { openExamined } from '../testing/examined.ts';

const dayMs = 86_400_000;
const isFolder = testEngine === 'sqlite';
const examined = await openExamined();
after(() => examined.place.remove());
const { place } = examined;
const { found, amiss, one } = examined;

/** Every file with its content, its mode and when it was written. */
function everything(): readonly unknown[] {
  if (place.place.kind === 'database') return [];
  const { path } = place.place;
  return globSync('**/*', { cwd: path }).map((name) => {
    const { mode, mtimeMs, ino } = statSync(join(path, name));
    const isShared = name.endsWith('-shm');
    const isFile = statSync(join(path, name)).isFile();
    return [
      name,
      mode,
      ino,
      isShared ? 0 : mtimeMs,
      isFile && !isShared ? readFileSync(join(path, name), 'hex') : '',
    ];
  });
}

function pathIn(...names: readonly string[]): string {
  assert.equal(place.place.kind, 'folder');
  return join(place.place.kind === 'folder' ? place.place.path : '', ...names);
}

describe('a store that nothing is wrong with', () => {
  test('is found so, and nothing of it is changed', async () => {
    const untouched = everything();
    assert.deepEqual(await amiss(), []);
    assert.deepEqual(everything(), untouched);
    const checks = new Set((await found()).map(({ check }) => check));
    for (const check of ['schema', 'clock', 'keys', 'credentials', 'disk', 'configuration'] as const)
      assert.ok(checks.has(check), check);
    for (const check of ['folder', 'permissions', 'lock', 'integrity'] as const)
      assert.equal(checks.has(check), isFolder, check);
    assert.equal(checks.has('database'), !isFolder);
  });

  test('is found so while a server runs on it, which goes on', async () => {
    const server = await startServer(testConfig({ place: place.place }));
    try {
      const untouched = everything();
      assert.deepEqual(await amiss({ url: server.url }), []);
      assert.deepEqual(everything(), untouched);
      const findings = await found({ url: server.url });
      assert.ok(findings.some(({ check }) => check === 'server'));
      const lock = findings.find(({ check }) => check === 'lock');
      assert.equal(lock?.seen.includes(`process ${process.pid}`), isFolder ? true : undefined);
      assert.equal((await fetch(`${server.url}/readyz`)).status, 200);
    } finally {
      await server.stop();
    }
    assert.doesNotMatch(JSON.stringify(await found()), /process \d/);
  });
});

describe('the schema', () => {
  for (const [what, by, state] of [
    ['of a later version is a problem', 1, 'problem'],
    ['of an earlier version is a warning', -1, 'warning'],
  ] as const) {
    test(what, async () => {
      await place.exec(`update schema_migrations set version = version + ${by}`);
      try {
        assert.deepEqual(await amiss(), [['schema', state]]);
        assert.ok((await one('schema')).seen.includes(String(schemaVersion + by)));
      } finally {
        await place.exec(`update schema_migrations set version = version - ${by}`);
      }
    });
  }

  test('that is not there at all is a problem', async () => {
    await place.exec('alter table schema_migrations rename to elsewhere');
    try {
      assert.deepEqual(await amiss(), [['schema', 'problem']]);
    } finally {
      await place.exec('alter table elsewhere rename to schema_migrations');
    }
  });
});

describe('the clock', () => {
  test('that is behind the last event is told of with how far', async () => {
    const [head] = await lastInstants();
    assert.ok(head !== undefined);
    await place.exec(`update partners set head_recorded_at = ${Date.now() + 20_000}`);
    try {
      assert.deepEqual(await amiss(), [['clock', 'warning']]);
      await place.exec(`update partners set head_recorded_at = ${Date.now() + 7_200_000}`);
      assert.deepEqual(await amiss(), [['clock', 'problem']]);
      assert.match((await one('clock')).seen, /\b7\d\d\d\.\d s behind/);
    } finally {
      await place.exec(`update partners set head_recorded_at = ${head}`);
    }
    assert.deepEqual(await amiss(), []);
  });

  test('that is apart from that of the database is told of', async () => {
    assert.deepEqual(await amiss({ later: 10_000 }), isFolder ? [] : [['clock', 'warning']]);
    assert.deepEqual(await amiss({ later: 60_000 }), isFolder ? [] : [['clock', 'problem']]);
  });

  async function lastInstants(): Promise<readonly number[]> {
    const store = await openOperatorStore(place.flags);
    const partners = await store.listPartners();
    await store.close();
    return partners.map(({ createdAt }) => Date.parse(createdAt));
  }
});

/** Beside what a clock does that is moved: the database's own is not. */
const apart = isFolder ? [] : [['clock', 'problem']];

describe('the keys', () => {
  test('are to be changed once the one that signs is older than a year', async () => {
    await place.exec(`update app_credentials set expires_at = expires_at + ${900 * dayMs}`);
    try {
      assert.deepEqual(await amiss({ later: 300 * dayMs }), apart);
      assert.deepEqual(await amiss({ later: 400 * dayMs }), [...apart, ['keys', 'warning']]);
      const { remedy } = await one('keys', { later: 400 * dayMs });
      assert.match(remedy ?? '', /^seatledger keys rotate --(?:data|database-url) /);
    } finally {
      await place.exec(`update app_credentials set expires_at = expires_at - ${900 * dayMs}`);
    }
  });

  test('that cannot be read are a problem', async () => {
    if (isFolder) {
      const [name = ''] = globSync('*.json', { cwd: pathIn('keys') });
      const path = pathIn('keys', name);
      const text = readFileSync(path);
      writeFileSync(path, text.subarray(0, 100));
      try {
        assert.deepEqual(await amiss(), [['keys', 'problem']]);
      } finally {
        writeFileSync(path, text);
      }
    } else {
      const other = randomBytes(32).toString('base64');
      for (const key of [other, '', 'short']) {
        assert.deepEqual(await amiss({ variables: { SEATLEDGER_KEY: key } }), [['keys', 'problem']]);
        assert.equal(
          JSON.stringify(await found({ variables: { SEATLEDGER_KEY: key } })).includes(other),
          false,
        );
      }
    }
    assert.deepEqual(await amiss(), []);
  });

  test('are named with nothing that is in them', async () => {
    const text = JSON.stringify(await found());
    for (const { privateJwk } of await place.signingKeys())
      assert.equal(text.includes(String((privateJwk as { d: unknown }).d)), false);
  });
});

describe('credentials', () => {
  test('are told of before the last one of an app ends, once it has, and by name where one has expired', async () => {
    const store = await openOperatorStore(place.flags);
    const [app] = await store.listApps();
    assert.ok(app);
    const { clientId } = app;
    await store.close();
    assert.deepEqual(await amiss({ later: 340 * dayMs }), [...apart, ['credentials', 'warning']]);
    assert.deepEqual(await amiss({ later: 366 * dayMs }), [
      ...apart,
      ['keys', 'warning'],
      ['credentials', 'problem'],
    ]);
    const { remedy, seen } = await one('credentials', { later: 366 * dayMs });
    assert.ok(seen.includes(clientId));
    assert.ok(remedy?.startsWith(`seatledger app credential add ${clientId} --`));

    const again = await openOperatorStore(place.flags);
    const { credential } = await again.addCredential(clientId, { secretYears: 2 });
    assert.deepEqual(await amiss({ later: 340 * dayMs }), apart);
    await place.exec(
      `update app_credentials set expires_at = ${Date.now() - 1000} where credential_id <> '${credential.id}'`,
    );
    const expired = await one('credentials');
    assert.equal(expired.state, 'warning');
    const [, credentialId = ''] = /credential remove \S+ (\S+) /.exec(expired.remedy ?? '') ?? [];
    await again.removeCredential(clientId, credentialId);
    assert.deepEqual(await amiss(), []);
    await again.removeCredential(clientId, credential.id);
    assert.deepEqual(await amiss(), [['credentials', 'problem']]);
    // Who is not needed needs no credential.
    await again.changeApp(clientId, { disabled: true });
    await again.close();
    assert.deepEqual(await amiss(), []);
  });
});

describe('the room that is left', () => {
  test('is a warning where it is little, and a problem where it is next to none', async () => {
    assert.deepEqual(await amiss({ free: 5 * 2 ** 30 }), []);
    assert.deepEqual(await amiss({ free: 2 ** 29 }), [['disk', 'warning']]);
    assert.deepEqual(await amiss({ free: 2 ** 20 }), [['disk', 'problem']]);
  });
});

/** A backup holds all of a store, or all of a partner and nothing of another, and is put back wholly or not at all. */

import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { zstdCompressSync, zstdDecompressSync } from 'node:zlib';
import { backupEnd, type BackupHeader } from '@seatledger/contract';
import fc from 'fast-check';
import { exportStore } from './moveStore.ts';
import { openBackup, restoreBackup, verifyBackup } from './readBackup.ts';
import { StoreUnavailableError } from './store/unavailable.ts';
import { testEngine } from './testing/engine.ts';
import { appRequest, customer, productType } from './testing/identity.ts';
import { openTestPlace, type TestPlace } from './testing/place.ts';
import { openTestStore, someDay, type TestStore } from './testing/store.ts';
import { verifyStore } from './verifyStore.ts';
import { readWhole, restoreWhole } from './wholeStore.ts';
import { writeBackup } from './writeBackup.ts';

const silent = () => undefined;
let folder: string;
let store: TestStore;
let otherPartner: number;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
  store = await openTestStore();
  otherPartner = (await store.make('partner.create', { name: 'other' })).partnerId;
  // A line separator is a character like any other.
  await fill(store.partnerId, 'Ada\u2028Ltd', 'mine');
  await fill(otherPartner, 'Marked Ltd', 'marked');
});
after(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

async function fill(partnerId: number, organization: string, name: string): Promise<void> {
  const customerId = customer(name);
  const of = { partnerId };
  await store.make('customer.create', { customerId, facts: { organization } }, of);
  const line = {
    customerId,
    productType: productType(2048),
    resource: 'Office365Backup',
    seats: 5,
    startsAt: someDay,
    expiresAt: null,
    source: null,
    externalId: `${name}-1`,
    licenceType: 'trial',
    details: {},
    poolId: null,
  } as const;
  await store.make('line.add', line, of);
  const users = [`${name}@x.org`];
  await store.make('seats.assign', { customerId, productType: line.productType, users }, of);
  const { groupId } = await store.make('group.create', { name }, of);
  await store.make('group.join', { groupId, customerIds: [customerId] }, of);
  const scoped = { permissions: ['seatledger.read'], scope: { groups: [groupId] } } as const;
  await store.make('app.register', { ...appRequest({ permissions: ['seatledger.read'] }), ...scoped }, of);
}

/** A backup of the store, or of one partner of it. */
async function backedUp(partnerId: number | null = null): Promise<Buffer> {
  const pieces: Uint8Array[] = [];
  await store.readWhole((connection) =>
    writeBackup(connection, { partnerId, now: someDay }, async (bytes) => void pieces.push(bytes)),
  );
  return Buffer.concat(pieces);
}

async function asFile(bytes: Uint8Array): Promise<string> {
  const path = join(folder, 'backup');
  await writeFile(path, bytes);
  return path;
}

async function restored(place: TestPlace, bytes: Uint8Array) {
  const backup = await openBackup(await asFile(bytes));
  await restoreWhole(place.place, async (connection) => {
    await restoreBackup(connection, backup, silent);
  });
}

async function refusal(work: () => Promise<unknown>): Promise<string> {
  try {
    await work();
  } catch (error) {
    assert.ok(error instanceof StoreUnavailableError, String(error));
    return error.code;
  }
  return assert.fail('it was not refused');
}

/** The parts of the file: its first line, and its rows as lines. */
function opened(bytes: Buffer): { header: BackupHeader; lines: string[] } {
  const rowsFrom = bytes.indexOf('\n') + 1;
  const rows = zstdDecompressSync(bytes.subarray(rowsFrom, -backupEnd('a'.repeat(64)).length)).toString();
  return { header: JSON.parse(bytes.subarray(0, rowsFrom).toString()), lines: rows.trimEnd().split('\n') };
}

/** What somebody could make who alters a backup and knows its form. */
function forged(header: object, lines: readonly string[]): Buffer {
  const begin = Buffer.from(`${JSON.stringify(header)}\n`);
  const bytes = Buffer.concat([begin, zstdCompressSync(Buffer.from(`${lines.join('\n')}\n`))]);
  return Buffer.concat([bytes, Buffer.from(backupEnd(createHash('sha256').update(bytes).digest('hex')))]);
}

const exported = (work: Parameters<typeof exportStore>[0]) => {
  let text = '';
  return exportStore(work, async (piece) => void (text += piece)).then(() => text);
};

async function withPlace(use: (place: TestPlace) => Promise<void>): Promise<void> {
  const place = await openTestPlace();
  try {
    await use(place);
  } finally {
    await place.remove();
  }
}

describe('a backup of a store', () => {
  test('says of what and when it is, and with which heads', async () => {
    const { header } = opened(await backedUp());
    const heads = await Promise.all(
      [store.partnerId, otherPartner].map(async (partnerId, index) => {
        const { sequence, hash } = await store.reads.record.head(partnerId);
        return { partner: ['one', 'other'][index], sequence, hash };
      }),
    );
    assert.deepEqual(header, {
      format: 'seatledger-backup',
      version: 1,
      schema: 1,
      createdAt: new Date(someDay).toISOString(),
      scope: 'store',
      heads,
    });
  });

  test('is put back as it was: every row is the same, and each record holds with its head', async () => {
    await withPlace(async (place) => {
      const bytes = await backedUp();
      await restored(place, bytes);
      await readWhole(place.place, async (connection) => {
        assert.equal(await exported(connection), await store.readWhole(exported));
        const found = await Array.fromAsync(verifyStore(connection, { head: undefined }));
        assert.deepEqual(
          found.map(({ partner, broken, head }) => [partner, broken, head?.hash]),
          opened(bytes).header.heads.map(({ partner, hash }) => [partner, undefined, hash]),
        );
      });
    });
  });

  test('is verified without being put back, and tells how many rows it has', async () => {
    const bytes = await backedUp();
    const found = await verifyBackup(await openBackup(await asFile(bytes)), silent);
    const rows = opened(bytes).lines.filter((line) => line.startsWith('[')).length;
    assert.deepEqual(found, { header: opened(bytes).header, rows });
  });

  test('holds no key that signs', async () => {
    assert.doesNotMatch(opened(await backedUp()).lines.join('\n'), /signing_keys|privateJwk|"kty"/);
  });

  test('goes into no store that has something', async () => {
    await withPlace(async (place) => {
      const bytes = await backedUp();
      await restored(place, bytes);
      assert.equal(await refusal(() => restored(place, bytes)), 'store_not_empty');
    });
  });
});

describe('a backup of a partner', () => {
  test('has all that is of the partner, and nothing of another', async () => {
    const own = opened(await backedUp(store.partnerId));
    const other = opened(await backedUp(otherPartner));
    assert.deepEqual(
      own.header.heads.map(({ partner }) => partner),
      ['one'],
    );
    assert.equal(own.header.scope, 'partner');
    assert.doesNotMatch(own.lines.join('\n'), /marked/i);
    assert.doesNotMatch(other.lines.join('\n'), /Ada\u2028|mine-1|mine@/);
    // Together they are the store: no row is in neither.
    const rows = (lines: readonly string[]) => lines.filter((line) => line.startsWith('['));
    assert.deepEqual(
      [...rows(own.lines), ...rows(other.lines)].toSorted(),
      rows(opened(await backedUp()).lines).toSorted(),
    );
  });

  test('is put back as a store of that partner alone, with the head that it had', async () => {
    await withPlace(async (place) => {
      await restored(place, await backedUp(otherPartner));
      const { hash } = await store.reads.record.head(otherPartner);
      await readWhole(place.place, async (connection) => {
        const [found, ...others] = await Array.fromAsync(verifyStore(connection, { head: hash }));
        assert.deepEqual(
          [found?.partner, found?.broken, found?.hasHead, others],
          ['other', undefined, true, []],
        );
      });
    });
  });
});

describe('a backup that is not whole', () => {
  test('is refused, whichever bytes of it are others or missing', async () => {
    const bytes = await backedUp();
    const place = fc.nat(bytes.length - 1);
    await fc.assert(
      fc.asyncProperty(place, fc.integer({ min: 1, max: 255 }), fc.boolean(), async (at, mask, isCut) => {
        const damaged = Buffer.from(bytes.subarray(0, isCut ? at : bytes.length));
        if (!isCut) damaged[at] = (damaged[at] ?? 0) ^ mask;
        const path = await asFile(damaged);
        assert.equal(await refusal(() => openBackup(path)), 'backup_damaged');
      }),
      { numRuns: 300 },
    );
  });

  const changed = (lines: readonly string[], from: string, to: string) =>
    lines.map((line) => line.replace(from, to));
  const without = (lines: readonly string[], table: string) =>
    lines.toSpliced(lines.findLastIndex((line) => line.startsWith(`{"table":"${table}"`)) + 1, 1);
  const forgeries: readonly (readonly [string, (header: BackupHeader, lines: string[]) => Buffer])[] = [
    ['of other heads', ({ heads, ...rest }, lines) => forged({ ...rest, heads: heads.slice(1) }, lines)],
    [
      'with an event that was altered',
      (header, lines) => forged(header, changed(lines, 'trial', 'enterprise')),
    ],
    ['with rows that do not fit each other', (header, lines) => forged(header, without(lines, 'partners'))],
    ['without one of its rows', (header, lines) => forged(header, without(lines, 'assignments'))],
    ['without the number of its rows', (header, lines) => forged(header, lines.slice(0, -1))],
    ['with rows after the last', (header, lines) => forged(header, [...lines, '{"table":"partners"}'])],
    ['with a table that there is not', (header, lines) => forged(header, changed(lines, 'pools', 'ponds'))],
    ['of something else than rows', (header) => forged(header, ['customerId,productType,seats'])],
  ];
  for (const [what, forge] of forgeries) {
    test(`${what} is refused, and nothing of it is kept`, async () => {
      const bytes = await backedUp();
      const { header, lines } = opened(bytes);
      await withPlace(async (place) => {
        assert.equal(await refusal(() => restored(place, forge(header, lines))), 'backup_damaged');
        if (testEngine === 'sqlite' && place.place.kind === 'folder')
          assert.deepEqual((await readdir(place.place.path)).toSorted(), ['lock', 'lock.owner']);
        await restored(place, bytes);
      });
    });
  }

  test('or of another version is refused before anything is read of it', async () => {
    const { header, lines } = opened(await backedUp());
    for (const other of [{ version: 2 }, { schema: 2 }, { schema: 0 }]) {
      const path = await asFile(forged({ ...header, ...other }, lines));
      assert.equal(await refusal(() => openBackup(path)), 'schema_newer');
    }
  });

  test('where its rows are no zstd is refused', async () => {
    const { header } = opened(await backedUp());
    const begin = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), Buffer.alloc(100, 1)]);
    const bytes = Buffer.concat([
      begin,
      Buffer.from(backupEnd(createHash('sha256').update(begin).digest('hex'))),
    ]);
    const backup = await openBackup(await asFile(bytes));
    assert.equal(await refusal(() => verifyBackup(backup, silent)), 'backup_damaged');
  });
});

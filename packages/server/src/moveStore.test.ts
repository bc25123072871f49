import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { exportStore, importStore } from './moveStore.ts';
import { StoreUnavailableError } from './store/unavailable.ts';
import { customer, productType } from './testing/identity.ts';
import { openTestPlace, type TestPlace } from './testing/place.ts';
import { openTestStore, someDay, type TestStore } from './testing/store.ts';
import { verifyStore } from './verifyStore.ts';
import { fillWhole, readWhole } from './wholeStore.ts';

let folder: string;
let store: TestStore;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
  store = await openTestStore();
  const ada = customer('ada');
  // A line separator is a character like any other.
  await store.make('customer.create', { customerId: ada, facts: { organization: 'Ada\u2028Ltd' } });
  await store.make('line.add', {
    customerId: ada,
    productType: productType(2048),
    resource: 'Office365Backup',
    seats: 5,
    startsAt: someDay,
    expiresAt: null,
    source: null,
    externalId: 'x1',
    licenceType: 'trial',
    details: {},
    poolId: null,
  });
  await store.make('seats.assign', { customerId: ada, productType: productType(2048), users: ['a@x.org'] });
});
after(async () => {
  store.close();
  await rm(folder, { recursive: true });
});

async function exported(name: string): Promise<string> {
  let text = '';
  await store.readWhole((connection) =>
    exportStore(connection, async (piece) => {
      text += piece;
    }),
  );
  const path = join(folder, name);
  await writeFile(path, text);
  return path;
}

async function imported(place: TestPlace, path: string) {
  let moved: Awaited<ReturnType<typeof importStore>> | undefined;
  await fillWhole(place.place, async (connection) => {
    moved = await importStore(connection, path);
  });
  return moved;
}

async function refused(place: TestPlace, path: string): Promise<string> {
  try {
    await imported(place, path);
  } catch (error) {
    assert.ok(error instanceof StoreUnavailableError, String(error));
    return error.code;
  }
  return assert.fail('the import was not refused');
}

describe('an export', () => {
  test('fills an empty store with everything, which verifies with the same head', async () => {
    const path = await exported('whole');
    const place = await openTestPlace();
    try {
      const moved = await imported(place, path);
      const { sequence, hash } = await store.reads.record.head(store.partnerId);
      assert.deepEqual(moved?.heads, [{ partner: 'one', sequence, hash }]);
      await readWhole(place.place, async (connection) => {
        for await (const found of verifyStore(connection, { head: hash })) {
          assert.deepEqual([found.broken, found.hasHead, found.head?.hash], [undefined, true, hash]);
        }
        let again = '';
        await exportStore(connection, async (piece) => {
          again += piece;
        });
        assert.equal(again, await readFile(path, 'utf8'));
      });
    } finally {
      await place.remove();
    }
  });

  test('holds no key that signs', async () => {
    assert.doesNotMatch(await readFile(await exported('keys'), 'utf8'), /signing_keys|privateJwk|"kty"/);
  });

  test('does not go into a store that has something', async () => {
    const path = await exported('twice');
    const place = await openTestPlace();
    try {
      await imported(place, path);
      assert.equal(await refused(place, path), 'store_not_empty');
    } finally {
      await place.remove();
    }
  });

  const damages: readonly (readonly [string, (text: string) => string])[] = [
    ['cut off', (text) => text.slice(0, text.length / 2)],
    ['cut off at a line', (text) => `${text.trimEnd().split('\n').slice(0, -1).join('\n')}\n`],
    ['altered', (text) => text.replace('"x1"', '"x2"')],
    ['altered so that it fits no table', (text) => text.replace('"ada"', '"eve"')],
    ['empty', () => ''],
    ['of lines that are added', (text) => `${text}{}\n`],
    ['something else', () => 'customerId,productType,seats\n'],
    ['without a row', (text) => text.replace(/\[1,"ada",2048[^\n]*\n/, '')],
  ];
  for (const [what, damage] of damages) {
    test(`that is ${what} is refused, and nothing of it is kept`, async () => {
      const path = await exported('damaged');
      await writeFile(path, damage(await readFile(path, 'utf8')));
      const place = await openTestPlace();
      try {
        assert.equal(await refused(place, path), 'export_damaged');
        assert.ok(await imported(place, await exported('whole')));
      } finally {
        await place.remove();
      }
    });
  }
});

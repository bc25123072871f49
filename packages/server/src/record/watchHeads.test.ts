import assert from 'node:assert/strict';
import { beforeEach, describe, mock, test } from 'node:test';
import { setImmediate as othersHadTheirTurn } from 'node:timers/promises';
import { type HeadWatch, watchHeads } from './watchHeads.ts';

/** The heads by partner, how often they were read, and what a reading waits for. */
let heads: Map<number, number>;
let readings: number;
let held: Promise<void>;
let watch: HeadWatch;
beforeEach(() => {
  mock.timers.reset();
  mock.timers.enable({ apis: ['setTimeout'] });
  heads = new Map([
    [1, 10],
    [2, 20],
  ]);
  readings = 0;
  held = Promise.resolve();
  watch = watchHeads({
    async head(partnerId) {
      readings++;
      const sequence = heads.get(partnerId);
      await held;
      if (sequence === undefined) throw new Error('the database is away');
      return { sequence, recordedAt: 0, hash: '' };
    },
  });
});

const never = new AbortController().signal;
const wait = (partnerId: number, after: number, { waitMs = 15_000, unwanted = never } = {}) =>
  watch.goesOn(partnerId, after, { changesBefore: watch.changes(partnerId), waitMs, unwanted });
async function pass(ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 50) {
    mock.timers.tick(50);
    await othersHadTheirTurn();
  }
}

describe('a record that is followed', () => {
  test('is looked at four times a second, once for all who wait, and not where nobody does', async () => {
    const waiting = Array.from({ length: 100 }, () => wait(1, 10));
    await pass(1000);
    assert.equal(readings, 4);
    heads.set(1, 11);
    await pass(250);
    assert.deepEqual(new Set(await Promise.all(waiting)), new Set([true]));
    assert.equal(readings, 5);
    await pass(5000);
    assert.equal(readings, 5);
  });

  test('that others change is found by looking', async () => {
    const [one, other, foreign] = [wait(1, 10), wait(1, 11), wait(2, 20, { waitMs: 1000 })];
    heads.set(1, 11);
    await pass(250);
    assert.equal(await one, true);
    heads.set(1, 12);
    await pass(250);
    assert.equal(await other, true);
    await pass(500);
    assert.equal(await foreign, false);
  });

  test('that this process changes is told at once, and to nobody else', async () => {
    const waiting = wait(1, 10);
    const foreign = wait(2, 20, { waitMs: 100 });
    heads.set(1, 11);
    watch.changed(1);
    assert.equal(await waiting, true);
    assert.equal(readings, 1);
    await pass(100);
    assert.equal(await foreign, false);
  });

  test('is looked at once more where it was changed while it was read, and where it was before somebody waited', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    held = promise;
    const waiting = wait(1, 10);
    watch.changed(1);
    heads.set(1, 11);
    watch.changed(1);
    watch.changed(1);
    resolve();
    assert.equal(await waiting, true);
    assert.equal(readings, 2);
    const changesBefore = watch.changes(1);
    heads.set(1, 12);
    watch.changed(1);
    assert.equal(await watch.goesOn(1, 11, { changesBefore, waitMs: 1000, unwanted: never }), true);
  });

  test('is not waited for longer than was said, or once it is not wanted', async () => {
    const leaving = new AbortController();
    const left = wait(1, 10, { unwanted: leaving.signal });
    leaving.abort();
    assert.equal(await left, false);
    assert.equal(await wait(1, 10, { unwanted: leaving.signal }), false);
    const late = wait(1, 10, { waitMs: 600 });
    await pass(600);
    assert.equal(await late, false);
    assert.equal(readings, 2);
  });

  test('that cannot be read fails those who wait, and is read again for who waits then', async () => {
    const waiting = wait(1, 10);
    const failed = assert.rejects(waiting, /away/);
    heads.delete(1);
    await pass(250);
    await failed;
    heads.set(1, 11);
    const again = wait(1, 10);
    await pass(250);
    assert.equal(await again, true);
  });
});

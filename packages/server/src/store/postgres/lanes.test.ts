import assert from 'node:assert/strict';
import { setImmediate } from 'node:timers/promises';
import { test } from 'node:test';
import { openLanes } from './lanes.ts';

/** Works that last until they are let go, and what has begun. */
function openWorks(underwayMax: number) {
  const inLane = openLanes(underwayMax);
  const begun: string[] = [];
  const ends = new Map<string, PromiseWithResolvers<void>>();
  return {
    begun,
    begin: (partnerId: number, name: string): Promise<void> => {
      const end = Promise.withResolvers<void>();
      ends.set(name, end);
      return inLane(partnerId, async () => {
        begun.push(name);
        await end.promise;
      });
    },
    end: async (name: string, error?: Error) => {
      if (error === undefined) ends.get(name)?.resolve();
      else ends.get(name)?.reject(error);
      await setImmediate();
    },
  };
}

test('a partner has so many changes underway and no more, and others do not wait for them', async () => {
  const { begin, begun, end } = openWorks(2);
  const all = [...['a', 'b', 'c', 'd'].map((name) => begin(1, name)), begin(2, 'other')];
  assert.deepEqual(begun, ['a', 'b', 'other']);
  await end('b');
  assert.deepEqual(begun, ['a', 'b', 'other', 'c']);
  for (const name of ['a', 'c', 'd', 'other']) await end(name);
  await Promise.all(all);
  assert.deepEqual(begun, ['a', 'b', 'other', 'c', 'd']);
});

test('a change that fails gives way like any other', async () => {
  const { begin, begun, end } = openWorks(1);
  const failing = assert.rejects(begin(1, 'a'), /broken/);
  const next = begin(1, 'b');
  await end('a', new Error('broken'));
  await failing;
  assert.deepEqual(begun, ['a', 'b']);
  await end('b');
  await next;
  const later = begin(1, 'c');
  assert.deepEqual(begun, ['a', 'b', 'c']);
  await end('c');
  await later;
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turnIsOver } from 'node:timers/promises';
import { inTurns } from './inTurns.ts';

test('what comes in a turn is handed over at its end, in its order, and the next turn begins anew', async () => {
  const taken: (readonly number[])[] = [];
  const put = inTurns<number>((items) => void taken.push(items));
  for (const item of [1, 2, 3]) put(item);
  await Promise.resolve();
  assert.deepEqual(taken, []);
  await turnIsOver();
  assert.deepEqual(taken, [[1, 2, 3]]);
  put(4);
  await turnIsOver();
  assert.deepEqual(taken, [[1, 2, 3], [4]]);
});

test('a hundred wait for no end of the turn, and none is lost or handed over twice', async () => {
  const taken: (readonly number[])[] = [];
  const put = inTurns<number>((items) => void taken.push(items));
  const items = Array.from({ length: 250 }, (_, item) => item);
  for (const item of items) put(item);
  assert.deepEqual(
    taken.map(({ length }) => length),
    [100, 100],
  );
  await turnIsOver();
  await turnIsOver();
  assert.deepEqual(taken.flat(), items);
});

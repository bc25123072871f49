import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import fc from 'fast-check';
import { runs } from '../testing/campaign.ts';
import { type BriefMemory, rememberBriefly } from './briefMemory.ts';

let nowMs: number;
beforeEach(() => {
  nowMs = 1_000_000;
});

/** Something that changes, and is read as it is when the reading begins; the answers come when the test lets them. */
function openSource(rememberedMax = 100) {
  const answers: PromiseWithResolvers<void>[] = [];
  const memory: BriefMemory<string> = rememberBriefly(
    async (key) => {
      const value = source.value === undefined ? undefined : `${key} ${source.value}`;
      const answer = Promise.withResolvers<void>();
      answers.push(answer);
      await answer.promise;
      return value;
    },
    { monotonicMs: () => nowMs, rememberedMax },
  );
  const source = {
    value: 'one' as string | undefined,
    memory,
    readings: () => answers.length,
    answer: async (index = answers.length - 1) => {
      answers[index]?.resolve();
      await setImmediate();
    },
    fail: (index: number) => answers[index]?.reject(new Error('no store')),
    /** What is read for the key, at once. */
    read: async (key: string) => {
      const before = answers.length;
      const reading = memory.read(key);
      if (answers.length > before) await source.answer();
      return reading;
    },
  };
  return source;
}

describe('what was read', () => {
  test('is remembered for less than half a second', async () => {
    const { memory, read, readings } = openSource();
    assert.equal(memory.remembered('a'), undefined);
    assert.equal(await read('a'), 'a one');
    nowMs += 499;
    assert.equal(memory.remembered('a'), 'a one');
    assert.equal(await memory.read('a'), 'a one');
    assert.equal(readings(), 1);
    nowMs += 1;
    assert.equal(memory.remembered('a'), undefined);
    assert.equal(await read('a'), 'a one');
    assert.equal(readings(), 2);
  });

  test('is as old as the beginning of its reading, however long that took', async () => {
    const { memory, answer } = openSource();
    const reading = memory.read('a');
    nowMs += 499;
    await answer();
    assert.equal(memory.remembered('a'), 'a one');
    nowMs += 1;
    assert.equal(memory.remembered('a'), undefined);
    assert.equal(await reading, 'a one');
  });

  test('is of its key', async () => {
    const { memory, read } = openSource();
    assert.equal(await read('a'), 'a one');
    assert.equal(memory.remembered('b'), undefined);
    assert.equal(await read('b'), 'b one');
    assert.equal(memory.remembered('a'), 'a one');
  });

  test('is not remembered where there was nothing: it may be there the moment after', async () => {
    const source = openSource();
    source.value = undefined;
    assert.equal(await source.read('a'), undefined);
    source.value = 'one';
    assert.equal(await source.read('a'), 'a one');
  });

  test('is gone where everything is forgotten', async () => {
    const source = openSource();
    await source.read('a');
    source.value = 'two';
    source.memory.forget();
    assert.equal(source.memory.remembered('a'), undefined);
    assert.equal(await source.read('a'), 'a two');
  });

  test('of more keys than are remembered makes the one give way that was read first', async () => {
    const { memory, read } = openSource(2);
    await read('a');
    await read('b');
    nowMs += 500;
    await read('a');
    await read('c');
    assert.deepEqual(
      ['a', 'b', 'c'].map((key) => memory.remembered(key)),
      ['a one', undefined, 'c one'],
    );
  });
});

describe('a reading', () => {
  test('is one for all who ask while it is under way', async () => {
    const { memory, answer, readings } = openSource();
    const both = [memory.read('a'), memory.read('a')];
    assert.equal(readings(), 1);
    await answer();
    assert.deepEqual(await Promise.all(both), ['a one', 'a one']);
  });

  test('that is under way for half a second is not waited for by others, and does not undo theirs', async () => {
    const { memory, answer, readings } = openSource();
    const slow = memory.read('a');
    nowMs += 500;
    const later = memory.read('a');
    assert.equal(readings(), 2);
    await answer(1);
    await answer(0);
    assert.deepEqual(await Promise.all([slow, later]), ['a one', 'a one']);
    assert.equal(memory.remembered('a'), 'a one');
  });

  test('that took more than a second is of no use to those who wait for it', async () => {
    const { memory, answer } = openSource();
    for (const [tookMs, isRefused] of [
      [1000, false],
      [1001, true],
    ] as const) {
      const reading = memory.read('a');
      nowMs += tookMs;
      if (isRefused) {
        const refused = assert.rejects(reading);
        await answer();
        await refused;
      } else {
        await answer();
        assert.equal(await reading, 'a one');
      }
      assert.equal(memory.remembered('a'), undefined);
    }
  });

  test('that began before everything was forgotten is not what those get who ask after it', async () => {
    const source = openSource();
    const { memory, answer, readings } = source;
    const before = memory.read('a');
    source.value = 'two';
    memory.forget();
    const later = memory.read('a');
    assert.equal(readings(), 2);
    await answer(0);
    assert.equal(await before, 'a one');
    assert.equal(memory.remembered('a'), undefined);
    await answer(1);
    assert.equal(await later, 'a two');
    assert.equal(memory.remembered('a'), 'a two');
  });

  test('that fails tells so to all who wait for it, and the next one begins anew', async () => {
    const { memory, fail, read, readings } = openSource();
    const both = [memory.read('a'), memory.read('a')];
    fail(0);
    await Promise.all(both.map((reading) => assert.rejects(reading)));
    assert.equal(memory.remembered('a'), undefined);
    assert.equal(await read('a'), 'a one');
    assert.equal(readings(), 2);
  });

  test('that fails late leaves what was read after it began', async () => {
    const { memory, answer, fail } = openSource();
    const failing = assert.rejects(memory.read('a'));
    nowMs += 500;
    const later = memory.read('a');
    await answer(1);
    fail(0);
    await failing;
    await later;
    assert.equal(memory.remembered('a'), 'a one');
  });
});

type Step = 'answer' | 'ask' | 'change' | 'forget' | { readonly afterMs: number };

test('nobody is told what was so long ago, in whatever order things happen', async () => {
  const step = fc.oneof(
    fc.constantFrom<Step[]>('ask', 'ask', 'answer', 'change', 'change', 'forget'),
    fc.constantFrom(1, 100, 250, 499, 500, 501, 1001).map((afterMs) => ({ afterMs })),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 5, maxLength: 40 }), async (steps) => {
      const source = openSource();
      const { memory, answer } = source;
      // Which version of the value came when.
      const cameAt = [nowMs];
      source.value = '0';
      const replacedAt = (told: string | undefined) => cameAt[Number(told?.split(' ')[1]) + 1] ?? Infinity;
      let answered = 0;
      let forgottenAt = -Infinity;
      const asked: Promise<void>[] = [];

      function ask() {
        const askedAt = nowMs;
        const notBefore = Math.max(forgottenAt, askedAt - 499);
        const remembered = memory.remembered('a');
        if (remembered !== undefined) assert.ok(replacedAt(remembered) >= notBefore);
        asked.push(
          memory.read('a').then(
            (told) => assert.ok(replacedAt(told) >= Math.max(notBefore, nowMs - 1000)),
            (error: unknown) => assert.ok(!(error instanceof assert.AssertionError)),
          ),
        );
      }

      for (const next of steps) {
        if (typeof next === 'object') nowMs += next.afterMs;
        else if (next === 'ask') ask();
        else if (next === 'answer') {
          if (answered < source.readings()) await answer(answered++);
        } else if (next === 'change') source.value = String(cameAt.push(nowMs) - 1);
        else {
          memory.forget();
          forgottenAt = nowMs;
        }
        await setImmediate();
      }
      while (answered < source.readings()) await answer(answered++);
      await Promise.all(asked);
    }),
    { numRuns: runs(300) },
  );
});

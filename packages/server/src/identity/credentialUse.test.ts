import assert from 'node:assert/strict';
import { beforeEach, describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { noteUses } from './credentialUse.ts';

let nowMs: number;
let kept: string[];
beforeEach(() => {
  nowMs = 1_000_000;
  kept = [];
});

const open = () =>
  noteUses(
    async ({ credentialId }, from) => kept.push(`${credentialId} ${from}`),
    () => nowMs,
  );
const use = (credentialId: string) => ({ clientId: 'app', credentialId });

describe('the use of a credential', () => {
  test('is noted at once, and then no more than once a minute', () => {
    const note = open();
    note(use('a'), 'here');
    nowMs += 59_999;
    note(use('a'), 'there');
    assert.deepEqual(kept, ['a here']);
    nowMs += 1;
    note(use('a'), 'elsewhere');
    nowMs += 59_999;
    note(use('a'), 'there');
    assert.deepEqual(kept, ['a here', 'a elsewhere']);
  });

  test('is noted for each credential by itself, and never with more than its ids', () => {
    const noted: unknown[] = [];
    const note = noteUses(
      async (what) => noted.push(what),
      () => nowMs,
    );
    note({ ...use('a'), token: 'secret' } as ReturnType<typeof use>, 'here');
    note(use('b'), 'here');
    assert.deepEqual(noted, [use('a'), use('b')]);
  });

  test('may fail to be kept: nobody is told, and it is tried again a minute later', async () => {
    let tries = 0;
    const note = noteUses(
      () => {
        tries++;
        return Promise.reject(new Error('no store'));
      },
      () => nowMs,
    );
    note(use('a'), 'here');
    note(use('a'), 'here');
    await setImmediate();
    assert.equal(tries, 1);
    nowMs += 60_000;
    note(use('a'), 'here');
    await setImmediate();
    assert.equal(tries, 2);
  });

  test('is known of ten thousand credentials: the one that was noted first gives way', () => {
    const note = open();
    for (let id = 0; id <= 10_000; id++) note(use(String(id)), 'here');
    kept = [];
    note(use('1'), 'here');
    assert.deepEqual(kept, []);
    note(use('0'), 'here');
    assert.deepEqual(kept, ['0 here']);
  });
});

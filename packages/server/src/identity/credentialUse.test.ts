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
    note(use('a'), '192.0.2.1');
    nowMs += 59_999;
    note(use('a'), '192.0.2.2');
    assert.deepEqual(kept, ['a 192.0.2.1']);
    nowMs += 1;
    // A proxy may say what is no address.
    note(use('a'), 'elsewhere');
    nowMs += 59_999;
    note(use('a'), '192.0.2.2');
    assert.deepEqual(kept, ['a 192.0.2.1', 'a ']);
  });

  test('is noted for each credential by itself, and never with more than its ids', () => {
    const noted: unknown[] = [];
    const note = noteUses(
      async (what) => noted.push(what),
      () => nowMs,
    );
    note({ ...use('a'), token: 'secret' } as ReturnType<typeof use>, '192.0.2.1');
    note(use('b'), '192.0.2.1');
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
    note(use('a'), '192.0.2.1');
    note(use('a'), '192.0.2.1');
    await setImmediate();
    assert.equal(tries, 1);
    nowMs += 60_000;
    note(use('a'), '192.0.2.1');
    await setImmediate();
    assert.equal(tries, 2);
  });

  test('is known of ten thousand credentials: the one that was noted first gives way', () => {
    const note = open();
    for (let id = 0; id <= 10_000; id++) note(use(String(id)), '192.0.2.1');
    kept = [];
    note(use('1'), '192.0.2.1');
    assert.deepEqual(kept, []);
    note(use('0'), '192.0.2.1');
    assert.deepEqual(kept, ['0 192.0.2.1']);
  });
});

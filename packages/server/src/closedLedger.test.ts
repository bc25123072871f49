import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ProblemError } from '@seatledger/contract';
import { openLedger, systemClock } from './openLedger.ts';
import { openTestPlace } from './testing/place.ts';

const opening = { clock: systemClock, create: true, onWriterDeath: assert.fail };

test('a store that is closed as changes are asked for tells of each whether it was made, and keeps what it told', async () => {
  const place = await openTestPlace();
  try {
    // The first change of a store at all, and changes of one whose writer is at work.
    for (const isAtWork of [false, true]) {
      const ledger = await openLedger(place.place, opening);
      const create = (name: string, { make } = ledger) =>
        make({
          kind: 'partner.create',
          input: { name },
          partnerId: 0,
          actor: 'test',
          reason: null,
          now: systemClock.now(),
        });
      if (isAtWork) await create('at work');
      const names = ['one', 'two', 'three'].map((name) => `${name} ${String(isAtWork)}`);
      const asked = names.map((name) => create(name));
      const [outcomes] = await Promise.all([Promise.allSettled(asked), ledger.close()]);

      const again = await openLedger(place.place, opening);
      for (const [index, outcome] of outcomes.entries()) {
        if (outcome.status === 'fulfilled') {
          assert.equal((await again.reads.record.head(outcome.value.partnerId)).sequence, 1);
        } else {
          assert.ok(outcome.reason instanceof ProblemError, String(outcome.reason));
          // It is refused where there is one of the name.
          await create(names[index] ?? '', again);
        }
      }
      await again.close();
    }
  } finally {
    await place.remove();
  }
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failureFacts } from './log.ts';

test('what is told of a failure is its kind, its code and where it was, and never the values of a row', () => {
  const ada = 'ada@example.org';
  const ofConstraint = Object.assign(new Error(`value ${ada} is wrong`), {
    code: '23514',
    detail: `Failing row contains (${ada})`,
    where: ada,
    parameters: [ada],
  });
  const facts = failureFacts(new Error('a change failed', { cause: ofConstraint }));
  const text = JSON.stringify(facts);
  assert.equal(text.includes(ada), false);
  assert.match(text, /a change failed/);
  assert.match(text, /23514/);
  assert.match(text, /log\.test\.ts/);
});

test('a failure that is caused by itself is told of to an end', () => {
  const failure = new Error('round');
  failure.cause = failure;
  assert.ok(JSON.stringify(failureFacts(failure)).length < 100_000);
  assert.deepEqual(failureFacts('a text of ada@example.org'), { type: 'string' });
});

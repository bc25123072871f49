import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { test } from 'node:test';
import { fieldProblem } from '@seatledger/contract';
import { Failure } from '../failure.ts';
import { failureJson, failureText } from './failureReport.ts';

const failure = new Failure('The file has lines that cannot be imported.', {
  code: 'import_invalid',
  exitCode: 1,
  remedy: 'Correct the lines.',
  errors: [fieldProblem('seats', 'seats_invalid', { line: 3 }), fieldProblem('resource', 'column_unknown')],
  errorCount: 250,
  requestId: 'r-1',
  retryAfterSeconds: 7,
  cause: new Error('inner'),
});

test('people read the sentence, each error with its line, how many there are, the remedy and the request id', () => {
  assert.deepEqual(failureText(failure, new PassThrough()).split('\n'), [
    'seatledger: The file has lines that cannot be imported.',
    '  line 3, seats: Use a whole number from 0 to 2147483647.',
    '  resource: There is no such column.',
    '  250 errors in all; the first 2 are named.',
    'Correct the lines.',
    'Retry after: 7 s',
    'Request id: r-1',
    '',
  ]);
});

test('machines read one object with the same and the exit code, and not the inner cause', () => {
  const text = failureJson(failure);
  assert.equal(text.indexOf('\n'), text.length - 1);
  const { cause: _, ...facts } = failure.facts;
  assert.deepEqual(JSON.parse(text), { message: failure.message, ...facts });
});

test('a sentence of the server cannot steer the terminal', () => {
  const hostile = new Failure('\u001b]0;title\u0007', { code: 'x', exitCode: 1 });
  assert.ok(!failureText(hostile, new PassThrough()).includes('\u001b'));
});

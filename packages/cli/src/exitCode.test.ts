import assert from 'node:assert/strict';
import { test } from 'node:test';
import { exitCodeOfStatus, exitCodes } from './exitCode.ts';

test('a refusal, a thing that is not there and any other failure end differently', () => {
  assert.deepEqual([401, 403, 404].map(exitCodeOfStatus), [3, 3, 4]);
  for (const status of [302, 400, 405, 409, 413, 429, 500, 503, 507]) {
    assert.equal(exitCodeOfStatus(status), exitCodes.failed);
  }
});

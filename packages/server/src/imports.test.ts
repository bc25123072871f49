import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { after, test } from 'node:test';
import { ProblemError } from '@seatledger/contract';
import { createImports } from './imports.ts';
import { openStaging } from './store/staging.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('imports beyond sixteen at once are told to come later, and those underway go on to their end', async () => {
  let lastFile = 0;
  const imports = createImports({
    staging: openStaging(folder, () => `${++lastFile}`),
    make: () => assert.fail('nothing is applied here'),
    clock: { now: () => 0 },
  });
  const file = () => Readable.from([Buffer.from('customerId,productType,seats\na,2048,1\n')]);
  const request = { bytesMax: 100, format: 'csv' } as const;
  const underway = Array.from({ length: 16 }, (_, index) =>
    imports.checked(file(), request, async () => index),
  );
  await assert.rejects(
    imports.checked(file(), request, async () => 16),
    (error) => error instanceof ProblemError && error.code === 'imports_busy',
  );
  assert.deepEqual(await Promise.all(underway), [...Array(16).keys()]);
  await imports.settled();
  assert.deepEqual(readdirSync(folder), []);
  assert.equal(await imports.checked(file(), request, async () => 17), 17);
});

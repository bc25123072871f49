import assert from 'node:assert/strict';
import { test } from 'node:test';
import { startProduct, temporaryFolder } from '../product.ts';
import { seatQuestion } from './seatQuestion.ts';

test('a token and a secret outlive a restart, and a change of the port', async () => {
  await using folder = await temporaryFolder();
  const args = ['--sample', '--public-url', 'https://seats.example.com'];
  const first = await startProduct(folder.path, { args });
  const { sampleApp } = first;
  assert.ok(sampleApp);
  const token = await first.token(sampleApp);
  assert.equal((await first.stop()).exitCode, 0);

  await using second = await startProduct(folder.path, { args });
  const response = await fetch(`${second.url}${seatQuestion.path}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  assert.deepEqual(await response.json(), seatQuestion.answer);
  assert.notEqual(await second.token(sampleApp), token);
});

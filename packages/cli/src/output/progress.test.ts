import assert from 'node:assert/strict';
import { PassThrough } from 'node:stream';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, test } from 'node:test';
import { withUploadProgress } from './progress.ts';

function terminal(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY });
  const written = () =>
    Array.from({ length: stream.readableLength }, () => stream.read(1) as Buffer).join('');
  return { stream, written };
}

async function* twoMebibytes(): AsyncGenerator<Uint8Array> {
  yield new Uint8Array(1_048_576);
  yield new Uint8Array(1_048_576);
}
const input = { bytes: twoMebibytes, bytesTotal: 2_097_152 };
const clearLine = '\r\u001b[2K';

describe('the progress of an upload', () => {
  test('says on one line how much is sent, then how long the server takes, and leaves the line empty', async (context) => {
    context.mock.timers.enable({ apis: ['setInterval'] });
    const { stream, written } = terminal(true);
    const { promise: answered, resolve: answer } = Promise.withResolvers<string>();
    const result = withUploadProgress(stream, { ...input, bytes: input.bytes() }, async (bytes) => {
      let count = 0;
      for await (const chunk of bytes) count += chunk.length;
      assert.equal(count, 2_097_152);
      return answered;
    });
    await turn();
    assert.deepEqual(written().split(clearLine).slice(1), [
      'sent 1 MiB, 50 %',
      'sent 2 MiB, 100 %',
      'all sent; the server checks it all, then applies it: 0 s',
    ]);
    context.mock.timers.tick(2000);
    assert.match(written(), /applies it: 2 s$/);
    answer('done');
    assert.equal(await result, 'done');
    assert.equal(written(), clearLine);
    context.mock.timers.tick(2000);
    assert.equal(written(), '');
  });

  test('is not told where nobody looks at a terminal', async () => {
    const { stream, written } = terminal(false);
    await withUploadProgress(stream, { ...input, bytes: input.bytes() }, async (bytes) => {
      for await (const chunk of bytes) assert.ok(chunk.length > 0);
    });
    assert.equal(written(), '');
  });
});

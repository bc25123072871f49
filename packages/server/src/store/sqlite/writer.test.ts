import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createWriter } from './writer.ts';

/** A thread that says of each order what it was, until it is closed; at the order `break` it fails. */
const entry = new URL(`data:text/javascript,
  import { parentPort } from 'node:worker_threads';
  parentPort.on('message', (message) => {
    if (message === 'close') return parentPort.close();
    if (message.some(({ order }) => order === 'break')) throw new Error('broken');
    parentPort.postMessage(message.map(({ id, order }) => ({ id, result: order })));
  });`);
const open = () => createWriter<unknown>(entry, { workerData: {}, onDeath: assert.fail });

test('what is asked for in the turn in which a writer is closed is made, also as the first of all', async () => {
  for (const isAtWork of [false, true]) {
    const writer = open();
    if (isAtWork) assert.equal(await writer.make('at work'), 'at work');
    const asked = Promise.all([writer.make('one'), writer.make('two')]);
    await Promise.all([asked, writer.close()]);
    assert.deepEqual(await asked, ['one', 'two']);
    await assert.rejects(writer.make('late'), { code: 'server_stopping' });
  }
});

test('an order that cannot be sent is told to whoever asked for it, and the writer goes on', async () => {
  const writer = open();
  await assert.rejects(
    writer.make(() => 'a function'),
    /could not be cloned/,
  );
  assert.equal(writer.waiting(), 0);
  assert.equal(await writer.make('next'), 'next');
  await writer.close();
});

test('a thread that fails as it is closed refuses what it has not made, and the close ends', async () => {
  const writer = open();
  const asked = assert.rejects(writer.make('break'), { code: 'server_stopping' });
  await Promise.all([asked, writer.close()]);
});

/** Reporter of `npm test`: failures in full and the closing summary of Node's `spec` reporter, without a line per passed test. */

import { Readable } from 'node:stream';
import { spec, type TestEvent } from 'node:test/reporters';

/** A generator, since Node calls any other function with `new`. */
export default async function* failures(events: AsyncIterable<TestEvent>) {
  yield* Readable.from(worthReading(events)).pipe(new spec());
}

/** Both go or both stay: `spec` pairs each outcome with the start that it saw. */
async function* worthReading(events: AsyncIterable<TestEvent>) {
  for await (const event of events) {
    if (event.type !== 'test:start' && event.type !== 'test:pass') yield event;
  }
}

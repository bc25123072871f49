/** A server with more to do than it can refuses what would only wait, and answers the rest. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { describe, test } from 'node:test';
import type { Operation } from '@seatledger/contract';
import { answersIn, assertProblem, openSocket } from '../testing/answers.ts';
import { startBareServer } from '../testing/bareServer.ts';
import { isAboutHealth, watchLoad } from './overload.ts';
import type { Route } from './route.ts';

const workMs = 5;
const connections = 40;

/** A route that is answered after so much work of the processor. */
function working(path: Operation['path']): Route {
  const operation: Operation = {
    id: path,
    method: 'GET',
    path,
    tag: 'Server',
    summary: '',
    answer: { status: 200, description: '' },
    problems: [],
  };
  return {
    operation,
    async answer() {
      for (const endsAt = performance.now() + workMs; performance.now() < endsAt; );
      return {};
    },
  };
}

async function startLoaded(turnMs: number) {
  const load = watchLoad({ monotonicMs: () => performance.now(), turnMs });
  return startBareServer({ load, routes: [working('/work'), working('/livez')] });
}

/** What is answered on many connections at once, each asking again as soon as it was answered. */
async function answersOf(url: string, path: string, times: number): Promise<readonly Response[]> {
  const answers = Array.from({ length: connections }, async () => {
    const socket = await openSocket(url);
    let text = '';
    for (let time = 0; time < times; time++) {
      socket.write(`GET ${path} HTTP/1.1\r\nhost: seats\r\n\r\n`);
      text += String(await once(socket, 'data'));
    }
    socket.destroy();
    return answersIn(text);
  });
  return (await Promise.all(answers)).flat();
}

describe('a server with more to do than it can', () => {
  test('refuses with 503 overloaded and Retry-After what it cannot do soon, and answers the rest', async () => {
    const server = await startLoaded(20);
    const answers = await answersOf(server.url, '/work', 9);
    await server.stop();
    assert.equal(answers.length, connections * 9);
    const refused = answers.filter(({ status }) => status !== 200);
    assert.ok(
      refused.length > 0 && refused.length < answers.length,
      `${refused.length} of ${answers.length}`,
    );
    for (const answer of refused) await assertProblem(answer, 503, 'overloaded');
  });

  test('never refuses what asks whether it is well', async () => {
    const server = await startLoaded(20);
    const answers = await answersOf(server.url, '/livez', 9);
    await server.stop();
    for (const { status } of answers) assert.equal(status, 200);
  });

  test('takes everything again once the load is over', async () => {
    const server = await startLoaded(20);
    await answersOf(server.url, '/work', 9);
    for (let time = 0; time < 20; time++) assert.equal((await fetch(`${server.url}/work`)).status, 200);
    await server.stop();
  });
});

test('one long turn is taken for a pause of the machine, and refuses nobody', () => {
  let now = 0;
  const load = watchLoad({ monotonicMs: () => now, turnMs: 250 });
  assert.equal(load.isTooMuch(), false);
  now += 10_000;
  assert.equal(load.isTooMuch(), false);
});

test('what asks whether it is well is known as the router knows it', () => {
  for (const url of ['/livez', '/livez/', '/Readyz', '/readyz?now', '/livez/?x=/y'])
    assert.ok(isAboutHealth(url), url);
  for (const url of ['/', '/livezz', '/x/livez', '/api/v1/seats?/livez']) assert.ok(!isAboutHealth(url), url);
});

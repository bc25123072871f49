/** Whatever is sent to a documented operation is answered as the document says, and leaves nothing behind where it is refused. */

import assert from 'node:assert/strict';
import { randomInt } from 'node:crypto';
import { after, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { isCampaign } from '../testing/campaign.ts';
import { type ReadAnswer, readDocument } from '../testing/documented.ts';
import { type HostileRequest, hostileRequestOf, isCutShort, wireOf } from '../testing/hostileRequests.ts';
import { prepareWorlds } from '../testing/preparedWorld.ts';
import { lastEvent } from '../testing/send.ts';
import { startTestServer } from '../testing/server.ts';
import { exchangeBytes } from '../testing/wire.ts';

const server = await startTestServer();
after(() => server.stop());
const { operations, assertPromised } = await readDocument(server.url);
const worlds = await prepareWorlds(server);
const admin = await server.token(server.admin);

const requests = isCampaign ? 20_000 : 2000;
const warmUp = 500;
const seed = isCampaign ? randomInt(2 ** 31) : 1_775_210_926;
/** Requests that are sent into one world: valid ones end and delete what is in it. */
const requestsOfWorld = 50;
/** What is kept for good, as rows that are remembered, takes some; a leak of each request takes more. */
const heapGrowthBytesMax = 24 * 1024 * 1024;

test(`${requests} requests are answered as the document says`, async (context) => {
  context.diagnostic(`seed ${seed}`);
  let count = 0;
  let world = await worlds.next();
  let head = await lastEvent(worlds.send);
  let level: Level | undefined;

  const hostileRequest = fc.oneof(...operations.map(hostileRequestOf));
  const outcome = await fc.check(
    fc.asyncProperty(hostileRequest, async (request) => {
      if (++count % requestsOfWorld === 0) {
        world = await worlds.next();
        head = await lastEvent(worlds.send);
      }
      if (count === warmUp) level = measured();
      const wire = wireOf(request, world, admin);
      const answers = await exchangeBytes(server.url, wire, { endsItsSide: isCutShort(request) });
      const now = await lastEvent(worlds.send);
      try {
        assertAnswers(request, answers);
        if (answers.every(({ status }) => status >= 400))
          assert.equal(now, head, 'what is refused is not on record');
      } catch (error) {
        throw new Error(described(wire, answers, error), { cause: error });
      }
      head = now;
    }),
    { numRuns: requests, seed },
  );
  const { failed, counterexamplePath, errorInstance } = outcome;
  assert.ok(!failed, `seed ${seed}, path ${counterexamplePath}\n${String(errorInstance)}`);
  assert.ok(level);
  await assertLevel(level);
});

function described(wire: string, answers: readonly ReadAnswer[], error: unknown): string {
  const told = answers.map(({ status, body }) => `${status} ${body}`);
  return `${String(error)}\n--- sent\n${wire.slice(0, 2000)}\n--- answered\n${told.join('\n').slice(0, 2000)}`;
}

function assertAnswers(request: HostileRequest, answers: readonly ReadAnswer[]): void {
  const mayGoUnanswered = isCutShort(request) || request.body.length > 1_000_000;
  assert.ok(answers.length <= (request.isPipelined ? 2 : 1), 'more answers than requests');
  assert.ok(answers.length > 0 || mayGoUnanswered, 'no answer');
  for (const answer of answers) {
    assert.ok(answer.status < 500 || answer.status === 503, `${answer.status}`);
    assertPromised(request.operation, answer);
  }
}

interface Level {
  readonly heapBytes: number;
  readonly resources: ReadonlyMap<string, number>;
}

function measured(): Level {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return { heapBytes: process.memoryUsage().heapUsed, resources: openResources() };
}

/** How many of each kind keep the process alive. */
function openResources(): ReadonlyMap<string, number> {
  const kinds = Map.groupBy(process.getActiveResourcesInfo(), (kind) => kind);
  return new Map([...kinds].map(([kind, found]) => [kind, found.length]));
}

/**
 * What was ended closes in its own time, and a session with the database that idles closes after ten seconds: both are waited for.
 * The pause itself is not counted.
 */
async function assertLevel(before: Level): Promise<void> {
  for (let pauses = 0; pauses < 1500 && more(before).length > 0; pauses++)
    await pause(20, undefined, { ref: false });
  assert.deepEqual(more(before), []);
  const grown = measured().heapBytes - before.heapBytes;
  assert.ok(grown < heapGrowthBytesMax, `the heap has grown by ${grown} bytes`);
}

function more({ resources }: Level): readonly string[] {
  return [...openResources()]
    .filter(([kind, count]) => count > (resources.get(kind) ?? 0))
    .map(([kind]) => kind);
}

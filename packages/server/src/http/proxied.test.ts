/** A proxy that we did not write, which knows the document alone, finds nothing wrong with the examples and their answers. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { getHttpOperationsFromSpec } from '@stoplight/prism-http';
import { createServer } from '@stoplight/prism-http-server';
import { pino } from 'pino';
import { readAnswer, readDocument } from '../testing/documented.ts';
import { openEndingRelay } from '../testing/endingRelay.ts';
import { exampleRequests } from '../testing/exampleRequests.ts';
import { prepareWorlds } from '../testing/preparedWorld.ts';
import { startTestServer } from '../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const { document, operations } = await readDocument(server.url);
const worlds = await prepareWorlds(server);
const some = await worlds.next();
const authorization = `Bearer ${await server.token(server.admin)}`;

// The proxy looks at whole answers, and one of the server's does not end.
const relay = await openEndingRelay(server.url);
after(() => relay.close());

const proxy = createServer(await getHttpOperationsFromSpec(document), {
  components: { logger: Object.assign(pino({ level: 'silent' }), { success: () => undefined }) },
  cors: false,
  config: {
    isProxy: true,
    upstream: new URL(relay.url),
    upstreamProxy: undefined,
    mock: { dynamic: false },
    checkSecurity: true,
    validateRequest: true,
    validateResponse: true,
    errors: false,
  },
});
const url = await proxy.listen(0, '127.0.0.1');
after(() => proxy.close());

/** What the proxy says of the example, by the place and the code. */
async function violationsOf(path: string, init: RequestInit): Promise<readonly string[]> {
  const answer = await fetch(`${url}${path}`, init);
  const { headers } = await readAnswer(answer);
  const told = JSON.parse(headers.get('sl-violations') ?? '[]') as { location: string[]; code: string }[];
  return told.map(({ location, code }) => `${location.join('.')} ${code}`);
}

const linesType = 'application/x-ndjson';

describe('between an app and the server', () => {
  for (const operation of operations) {
    const { operationId, method, security, responses } = operation;
    const requests = exampleRequests(operation, some);
    for (const [index, { path, headers }] of requests.entries()) {
      // The schema is that of a line, and the proxy takes the whole for one value.
      const isOfLines = Object.values(responses).some(({ content = {} }) => linesType in content);
      const accept = headers['accept'] ?? (isOfLines ? linesType : undefined);
      const expected = accept === linesType ? ['response.body type'] : [];

      test(`the proxy lets ${operationId} through: ${method} ${path}, example ${index + 1}`, async () => {
        const example = exampleRequests(operation, method === 'GET' ? some : await worlds.next())[index];
        assert.ok(example);
        const asked = new Headers(example.headers);
        if (security.length > 0) asked.set('authorization', authorization);
        const { body = null } = example;
        assert.deepEqual(await violationsOf(example.path, { method, headers: asked, body }), expected);
      });
    }
  }

  test('the proxy sees what is wrong', async () => {
    const found = await violationsOf('/api/v1/seats?limit=none', { headers: { authorization } });
    assert.ok(found.some((violation) => violation.startsWith('request.query')));
  });
});

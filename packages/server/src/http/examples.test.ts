/** The examples of the document are requests that this server takes, and its answers are what the document says of them. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { mediaTypeOf, readAnswer, readDocument } from '../testing/documented.ts';
import { exampleRequests } from '../testing/exampleRequests.ts';
import { prepareWorlds } from '../testing/preparedWorld.ts';
import { startTestServer } from '../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const { operations, assertPromised, assertValid } = await readDocument(server.url);
const worlds = await prepareWorlds(server);
const some = await worlds.next();

/** What a server that does not limit apps does not tell. */
const ofRateLimit = ['RateLimit', 'RateLimit-Policy'];

for (const operation of operations) {
  const { operationId, summary, security, responses, requestBody } = operation;
  const [needed] = security.flatMap(({ app }) => app);
  const promised = Object.keys(responses).find((status) => status.startsWith('2'));

  describe(`the operation ${operationId}`, () => {
    test('says what it does in a line that no other has, without a full stop', () => {
      assert.match(summary, /^[A-Z].*[^.]$/);
      assert.equal(operations.filter((other) => other.summary === summary).length, 1);
    });

    test('has examples of its body that are what their schema says', () => {
      for (const [mediaType, { schema }] of Object.entries(requestBody?.content ?? {})) {
        for (const example of schema.examples ?? []) assertValid(schema, example, mediaType);
      }
    });

    for (const [index, { method, path, headers }] of exampleRequests(operation, some).entries()) {
      const how = headers['content-type'] ?? headers['accept'];
      const request = `${method} ${path}${how === undefined ? '' : ` with ${how}`}`;

      test(`takes ${request}, example ${index + 1}, and answers ${promised} as it is documented`, async () => {
        const answer = await ask(index, needed === undefined ? null : permissions);
        assert.equal(String(answer.status), promised, answer.body);
        assertPromised(operation, answer);
        if (headers['accept'] !== undefined)
          assert.equal(mediaTypeOf(answer.headers.get('content-type') ?? ''), headers['accept']);
        const documented = Object.keys(responses[answer.status]?.headers ?? {});
        const missing = documented.filter((name) => !ofRateLimit.includes(name) && !answer.headers.has(name));
        assert.deepEqual(missing, []);
      });
    }

    if (needed === undefined) return;
    test('is refused to who has no token, as it is documented', async () => {
      const answer = await ask(0, null);
      assert.equal(answer.status, 401);
      assertPromised(operation, answer);
    });

    test(`is refused to who holds every permission but ${needed}, as it is documented`, async () => {
      const others = permissions.filter((permission) => permission !== needed);
      const answer = await ask(0, others);
      assert.equal(answer.status, 403);
      assertPromised(operation, answer);
    });

    test(`finds its permission where who asks holds ${needed} alone`, async () => {
      assert.doesNotMatch((await ask(0, [needed])).body, /permission_missing/);
    });
  });

  /** A write is sent in a world of its own: what it changes or ends there, no other needs. */
  async function ask(index: number, held: readonly string[] | null) {
    const example = exampleRequests(operation, operation.method === 'GET' ? some : await worlds.next())[
      index
    ];
    assert.ok(example);
    const headers = new Headers(example.headers);
    if (held !== null)
      headers.set('authorization', `Bearer ${await server.token(server.admin, held.join(' '))}`);
    const { method, path, body = null } = example;
    return readAnswer(await server.request(path, { method, headers, body }));
  }
}

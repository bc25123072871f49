/** The order of the checks: parser, 401, revision 400, 403, syntax 400, product 400, customer 404. */

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import type { ProblemCode } from '@seatledger/contract';
import { assertProblem, exchange } from '../../testing/answers.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
await server.importCsv('customerId,productType,seats\ncontoso,2048,25\n');
const reader = `authorization: Bearer ${await server.token(server.admin)}`;
const stranger = `authorization: Bearer ${await server.token(server.admin, 'seatledger.read')}`;
const unknownRevision = 'api-version: 2020-01-01';

interface Wrong {
  readonly status: number;
  readonly code: ProblemCode;
  readonly customerId?: string;
  readonly productType?: string;
  readonly authorization?: string;
  readonly revision?: string;
}
/** The checks in their order, each as what a request has that fails it. A later row's mistakes are overlaid by an earlier one's. */
const checks: readonly Wrong[] = [
  { status: 400, code: 'request_malformed', productType: '20%4' },
  { status: 401, code: 'token_missing', authorization: 'x-none: 1' },
  { status: 400, code: 'api_version_unknown', revision: unknownRevision },
  { status: 403, code: 'permission_missing', authorization: stranger },
  { status: 400, code: 'customer_id_invalid', customerId: '-' },
  { status: 400, code: 'product_type_unknown', productType: '3' },
  { status: 404, code: 'customer_not_found', customerId: 'nobody' },
];

async function answerTo(wrongs: readonly Wrong[]): Promise<Response> {
  const right = { customerId: 'contoso', productType: '2048', authorization: reader, revision: 'x-none: 2' };
  const { customerId, productType, authorization, revision } = Object.assign(right, ...wrongs.toReversed());
  const path = `/partner/external/v3/general/customers/${customerId}/avpt-products/type/${productType}/overview`;
  const [answer] = await exchange(
    server.url,
    [`GET ${path} HTTP/1.1`, 'host: seats', authorization, revision, 'connection: close', '', ''].join(
      '\r\n',
    ),
  );
  assert.ok(answer);
  return answer;
}

describe('of two mistakes in one request the earlier check is answered', () => {
  test('and a request without any is answered 200', async () => {
    assert.equal((await answerTo([])).status, 200);
  });

  for (const [index, first] of checks.entries()) {
    test(`${first.code} alone is ${first.status}`, async () => {
      await assertProblem(await answerTo([first]), first.status, first.code);
    });
    for (const second of checks.slice(index + 1)) {
      test(`${first.code} comes before ${second.code}`, async () => {
        await assertProblem(await answerTo([first, second]), first.status, first.code);
      });
    }
  }

  for (const [what, wrongs, code] of [
    ['a product type that is none', [{ productType: 'abc', customerId: 'nobody' }], 'product_type_invalid'],
    [
      'a segment that is too long',
      [{ productType: '1'.repeat(300), authorization: 'x-none: 1' }],
      'uri_too_long',
    ],
  ] as const) {
    test(`${what} is answered by ${code} before what comes later`, async () => {
      const status = code === 'uri_too_long' ? 414 : 400;
      await assertProblem(await answerTo(wrongs.map((wrong) => ({ status, code, ...wrong }))), status, code);
    });
  }

  test('everything wrong at once is answered by the first', async () => {
    await assertProblem(await answerTo(checks), 400, 'request_malformed');
  });
});

describe('a method that the path does not take', () => {
  test('is 405 before anything else of the request is looked at', async () => {
    const [answer] = await exchange(
      server.url,
      'POST /partner/external/v3/general/customers/-/avpt-products/type/abc/overview HTTP/1.1\r\n' +
        `host: seats\r\n${unknownRevision}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`,
    );
    assert.ok(answer);
    await assertProblem(answer, 405, 'method_not_allowed');
  });
});

import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { products } from '@seatledger/contract';
import { assertProblem, exchange } from '../../testing/answers.ts';
import { startTestServer } from '../../testing/server.ts';

const path = (customerId: string, productType: number | string) =>
  `/partner/external/v3/general/customers/${customerId}/avpt-products/type/${productType}/overview`;

const longestId = 'a'.repeat(64);
const server = await startTestServer();
after(() => server.stop());
await server.importCsv(
  [
    'customerId,productType,resource,seats',
    'contoso,2048,,25',
    'Contoso.EU_2-x,2048,,7',
    'twice,2048,Office365Backup,20',
    'twice,2048,Office365PPBackup,20',
    'units,40,,3',
    `${longestId},1,,1`,
    '',
  ].join('\n'),
);
const authorization = `Bearer ${await server.token(server.admin)}`;
const get = (asked: string, headers: Record<string, string> = {}, method = 'GET') =>
  server.request(asked, { method, headers: { authorization, ...headers } });

describe('the seats of a customer and product', () => {
  test('are answered with exactly two members in this order', async () => {
    const response = await get(path('contoso', 2048));
    assert.equal(response.status, 200);
    assert.equal(response.headers.get('content-type'), 'application/json; charset=utf-8');
    assert.equal(await response.text(), '{"productType":2048,"availableUserSeat":25}');
  });

  for (const [what, customerId, productType, seats] of [
    ['are 0 for a known customer without a subscription of the product', 'contoso', 1, 0],
    ['of a backup and its add-on are those of the larger one', 'twice', 2048, 20],
    ['of a product that counts units are its units', 'units', 40, 3],
    ['of a customer whose id has every kind of character are found', 'contoso.eu_2-x', 2048, 7],
    ['of a customer whose id is as long as can be are found', longestId, 1, 1],
  ] as const) {
    test(what, async () => {
      const response = await get(path(customerId, productType));
      assert.equal(response.status, 200);
      assert.deepEqual(await response.json(), { productType, availableUserSeat: seats });
    });
  }

  test('can be asked for each of the 22 products, whose type is answered as a number', async () => {
    assert.equal(products.length, 22);
    for (const { type } of products) {
      const response = await get(path('contoso', type));
      assert.equal(response.status, 200);
      const seats = type === 2048 ? 25 : 0;
      assert.equal(await response.text(), `{"productType":${type},"availableUserSeat":${seats}}`);
    }
  });

  test('are found whatever the case of the id, and whatever the case of the path with one slash at its end', async () => {
    for (const asked of [
      path('CONTOSO', 2048),
      path('Contoso', 2048).replace('/partner/external', '/Partner/EXTERNAL').replace('overview', 'Overview'),
      `${path('contoso', 2048)}/`,
      `${path('CONTOSO', 2048).toUpperCase()}/`,
      path('%63ontoso', '20%348'),
    ]) {
      const response = await get(asked);
      assert.equal(response.status, 200, asked);
      assert.deepEqual(await response.json(), { productType: 2048, availableUserSeat: 25 }, asked);
    }
  });

  test('are not at the path with more than one slash, or anything else, at its end', async () => {
    for (const ending of ['//', '/x', 's', '%20']) {
      await assertProblem(await get(`${path('contoso', 2048)}${ending}`), 404, 'route_unknown');
    }
  });

  test('are answered whatever the query says', async () => {
    for (const query of [
      '?',
      '?a=1',
      '?a=1&a=2',
      '?productType=1&customerId=x',
      '?%zz',
      '?limit=0',
      '?api-version=1',
    ]) {
      const response = await get(`${path('contoso', 2048)}${query}`);
      assert.equal(response.status, 200, query);
      assert.deepEqual(await response.json(), { productType: 2048, availableUserSeat: 25 }, query);
    }
  });

  test('are told to HEAD by the same headers and no body', async () => {
    const [head, whole] = [await get(path('contoso', 2048), {}, 'HEAD'), await get(path('contoso', 2048))];
    const headersOf = ({ headers }: Response) =>
      [...headers].filter(([name]) => !/^(?:connection|date|keep-alive|request-id)$/.test(name));
    assert.equal(head.status, 200);
    assert.deepEqual(headersOf(head), headersOf(whole));
    assert.equal(head.headers.get('content-length'), String((await whole.text()).length));
    assert.equal(await head.text(), '');
  });

  test('begin and end with the terms of their lines, without any job', async () => {
    const day = 86_400_000;
    const startsAt = new Date(server.now() + 10 * day).toISOString();
    const expiresAt = new Date(server.now() + 20 * day).toISOString();
    await server.importCsv(
      `customerId,productType,seats,startsAt,expiresAt\nterms,2048,5,,\nterms,2048,2,${startsAt},${expiresAt}\n`,
    );
    const begin = server.now();
    for (const [days, seats] of [
      [0, 5],
      [11, 7],
      [21, 5],
    ] as const) {
      server.setNow(begin + days * day);
      const response = await server.request(path('terms', 2048), { as: server.admin });
      assert.deepEqual(await response.json(), { productType: 2048, availableUserSeat: seats }, `day ${days}`);
    }
    server.setNow(begin);
  });
});

describe('the contract revision of the answer', () => {
  const [ofDefault, ofOctober] = [
    '{"productType":2048,"availableUserSeat":25}',
    '{"productType":2048,"purchasedUserSeat":25}',
  ];
  for (const [pinned, asked, body] of [
    [undefined, undefined, ofDefault],
    [undefined, '2025-09-26', ofDefault],
    [undefined, '2025-10-11', ofOctober],
    ['2025-10-11', undefined, ofOctober],
    ['2025-10-11', '2025-09-26', ofDefault],
    ['2025-09-26', '2025-10-11', ofOctober],
  ] as const) {
    const app = pinned === undefined ? 'an app that pins none' : `an app that pins ${pinned}`;
    test(`is for ${app} and asks for ${asked ?? 'none'} the one of ${body}`, async () => {
      const as = await server.createApp(pinned === undefined ? {} : { revision: pinned });
      const headers = asked === undefined ? {} : { 'api-version': asked };
      const response = await server.request(path('contoso', 2048), { as, headers });
      assert.equal(response.status, 200);
      assert.equal(await response.text(), body);
    });
  }

  test('changes nothing of the answer but that member', async () => {
    const headersIn = async (revision: string) => {
      const { headers } = await get(path('contoso', 2048), { 'api-version': revision });
      return Object.keys(Object.fromEntries(headers));
    };
    assert.deepEqual(await headersIn('2025-09-26'), await headersIn('2025-10-11'));
  });

  for (const revision of ['', '2025-10-12', 'v3', '2025-10-11, 2025-10-11', '*', ' 2025']) {
    test(`that is asked for as "${revision}" is 400 and lists the known ones`, async () => {
      const answer = await get(path('contoso', 2048), { 'api-version': revision });
      const { detail } = await assertProblem(answer, 400, 'api_version_unknown');
      assert.deepEqual(detail.match(/\d{4}-\d{2}-\d{2}/g), ['2025-09-26', '2025-10-11']);
    });
  }
});

describe('a product type', () => {
  for (const text of [
    'abc',
    '2048.0',
    '-1',
    '+1',
    '1e3',
    '02048',
    '00',
    '0x800',
    '%202048',
    '2048%20',
    '2048%0A',
    '2%2C048',
    '%D9%A1',
    '99999999999999999999',
    '12345678901',
    'Opus',
    '2048;1',
    '%7BproductType%7D',
  ]) {
    test(`written ${text} is 400 product_type_invalid`, async () => {
      await assertProblem(await get(path('contoso', text)), 400, 'product_type_invalid');
    });
  }

  test('with a raw space before it is a malformed request', async () => {
    const [answer] = await exchange(
      server.url,
      `GET ${path('contoso', ' 2048')} HTTP/1.1\r\nhost: seats\r\nauthorization: ${authorization}\r\n\r\n`,
    );
    assert.ok(answer);
    await assertProblem(answer, 400, 'request_malformed');
  });

  for (const text of ['0', '3', '2049', '9999999999', '4294969344']) {
    test(`${text} is 400 product_type_unknown, naming the accepted ones`, async () => {
      const { detail } = await assertProblem(await get(path('contoso', text)), 400, 'product_type_unknown');
      assert.deepEqual(
        detail.match(/\d+/g)?.map(Number),
        products.map(({ type }) => type),
      );
    });
  }

  test('that is empty is 400 product_type_invalid', async () => {
    await assertProblem(await get(path('contoso', '')), 400, 'product_type_invalid');
  });
});

describe('a customer id', () => {
  for (const id of [
    '-contoso',
    '.contoso',
    '_contoso',
    '%20contoso',
    'contoso%20',
    'contoso%0A',
    'con%20toso',
    'con%2Ftoso',
    'cont%C3%B6so',
    'contoso%00',
    "contoso'",
    'contoso*',
    'contoso,fabrikam',
    '%7BcustomerId%7D',
    '%E2%84%AAontoso',
    'a'.repeat(65),
    'a'.repeat(256),
  ]) {
    test(`written ${id.length > 64 ? `with ${id.length} characters` : id} is 400 customer_id_invalid`, async () => {
      await assertProblem(await get(path(id, 2048)), 400, 'customer_id_invalid');
    });
  }
});

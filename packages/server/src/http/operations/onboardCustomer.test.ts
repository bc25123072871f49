import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { type Customer, dataCenterById, type OnboardedCustomer, permissions } from '@seatledger/contract';
import { assertProblem, errorsOf } from '../../testing/answers.ts';
import { partnerCustomers } from '../../testing/partnerContract.ts';
import { lastEvent, sendAs, shown } from '../../testing/send.ts';
import { startTestServer } from '../../testing/server.ts';
import { verifyStore } from '../../verifyStore.ts';
import { readWhole } from '../../wholeStore.ts';

const server = await startTestServer();
after(() => server.stop());
const send = await sendAs(server, server.admin);
const sendOther = await sendAs(server, server.otherAdmin);
await send('POST', '/api/v1/customers', { body: { customerId: 'seen' } });
const restricted = await sendAs(
  server,
  await server.createApp({ permissions: [...permissions], customers: ['seen'] }),
);

const password = 'pass-word-that-nobody-keeps';
let accounts = 0;
const wanted = (other: object = {}) => ({
  firstName: 'Ada',
  lastName: 'Byron',
  organizationName: 'Contoso',
  registrationAccount: `Owner${(accounts += 1)}@Contoso.example`,
  password,
  countryCode: 'NL',
  dataCenter: '4f93bdff-9b11-47b9-aa68-a86bfa09f61c',
  ...other,
});
async function onboard(body: unknown, by = send, headers = {}): Promise<OnboardedCustomer> {
  const answer = await by('POST', partnerCustomers, { body, headers });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  return JSON.parse(text) as OnboardedCustomer;
}
const customerOf = async ({ id }: OnboardedCustomer) =>
  (await shown<Customer>(await send('GET', `/api/v1/customers/${id}`))).body;

describe('a customer that is onboarded', () => {
  test('is answered by a status and a new GUID, and is there', async () => {
    const answer = await send('POST', partnerCustomers, { body: wanted({ managementMode: true }) });
    assert.equal(answer.status, 200);
    const text = await answer.text();
    const { id } = JSON.parse(text) as OnboardedCustomer;
    assert.equal(text, JSON.stringify({ status: 1, id }));
    assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/);
    const { changedSequence, ...customer } = await customerOf({ status: 1, id });
    assert.equal(changedSequence, await lastEvent(send));
    assert.deepEqual(customer, {
      customerId: id,
      organization: 'Contoso',
      ownerEmail: `Owner${accounts}@Contoso.example`,
      jobStatus: 0,
      countryOrRegion: 'Netherlands',
      managementMode: 1,
      tenants: [],
    });
  });

  test('is managed by itself, or by nobody yet, as the request says', async () => {
    const modeOf = async (body: object) => (await customerOf(await onboard(wanted(body)))).managementMode;
    assert.equal(await modeOf({ managementMode: false }), 0);
    assert.equal(await modeOf({}), 2);
    assert.equal(await modeOf({ managementMode: null }), 2);
  });

  test('is of the country that its code names, in any case', async () => {
    for (const [countryCode, name] of [
      ['de', 'Germany'],
      ['GB', 'United Kingdom'],
      ['Us', 'United States'],
      ['ZA', 'South Africa'],
    ]) {
      const { countryOrRegion } = await customerOf(await onboard(wanted({ countryCode })));
      assert.equal(countryOrRegion, name);
    }
  });

  test('has names, telephone number and tags that are looked at and not kept', async () => {
    const extra = { telephoneNumber: '+31 20 123', tags: ['marked-tag'], FirstName: 'marked-name' };
    const { firstName: _, ...rest } = wanted(extra);
    const { status, id } = await onboard(rest);
    assert.equal(status, 1);
    assert.doesNotMatch(JSON.stringify(await customerOf({ status, id })), /marked|\+31/);
  });

  test('may be in a data center by either of the ids that were published wrong', async () => {
    for (const dataCenter of [
      '7b9835ec-7299-4177-85e3-ba5cb3b2e0411',
      'e44bb3ed-f1d8-4055-8c77-c8fd8cd634092',
      '7B9835EC-7299-4177-85E3-BA5CB3B2E041',
    ]) {
      assert.ok(dataCenterById(dataCenter));
      assert.equal((await onboard(wanted({ dataCenter }))).status, 1);
    }
  });
});

describe('a registration account', () => {
  test('that a customer has already is answered 7 without an id, whatever its case, and changes nothing', async () => {
    const first = wanted();
    await onboard(first);
    const before = await lastEvent(send);
    for (const registrationAccount of [first.registrationAccount, first.registrationAccount.toUpperCase()]) {
      const again = await onboard({ ...first, registrationAccount, organizationName: 'Other' });
      assert.deepEqual(again, { status: 7, id: '' });
    }
    assert.equal(await lastEvent(send), before);
  });

  test('is taken also by a customer that came otherwise, from when it has it to when it has another', async () => {
    const ownerEmail = 'Ünal@Fabrikam.example';
    await send('POST', '/api/v1/customers', { body: { customerId: 'fabrikam', ownerEmail } });
    const request = wanted({ registrationAccount: 'ÜNAL@fabrikam.EXAMPLE' });
    assert.equal((await onboard(request)).status, 7);
    await send('PATCH', '/api/v1/customers/fabrikam', {
      body: { ownerEmail: 'other@fabrikam.example' },
      headers: { 'if-match': '*' },
    });
    assert.equal((await onboard(request)).status, 1);
  });

  test('of another partner is nobody here', async () => {
    const request = wanted();
    assert.equal((await onboard(request, sendOther)).status, 1);
    assert.equal((await onboard(request)).status, 1);
  });

  test('is brought in once by many requests at the same time', async () => {
    const request = wanted();
    const answers = await Promise.all(Array.from({ length: 8 }, () => onboard(request)));
    assert.deepEqual(
      answers.map(({ status }) => status).filter((status) => status !== 7),
      [1],
    );
  });
});

describe('a request with an idempotency key', () => {
  test('is answered as the first time, with the id', async () => {
    const request = wanted();
    const headers = { 'idempotency-key': 'onboard-1' };
    const first = await onboard(request, send, headers);
    assert.deepEqual(await onboard(request, send, headers), first);
    // Nothing is known of the password, so another one is no other request.
    assert.deepEqual(await onboard({ ...request, password: 'another' }, send, headers), first);
    await assertProblem(
      await send('POST', partnerCustomers, { body: wanted(), headers }),
      422,
      'idempotency_key_reused',
    );
  });
});

describe('a request that cannot be', () => {
  const cases: readonly (readonly [what: string, body: object, errors: readonly string[]])[] = [
    ...['firstName', 'lastName', 'organizationName', 'registrationAccount', 'password'].flatMap(
      (field) =>
        [
          [`has no ${field}`, { [field]: undefined }, [`${field} value_required`]],
          [`has null for ${field}`, { [field]: null }, [`${field} value_required`]],
          [`has an empty ${field}`, { [field]: '' }, [`${field} value_invalid`]],
          [`has a number for ${field}`, { [field]: 7 }, [`${field} value_invalid`]],
          [`has a long ${field}`, { [field]: `a@${'x'.repeat(320)}` }, [`${field} value_too_long`]],
        ] as const,
    ),
    ...['firstName', 'lastName', 'organizationName'].map(
      (field) => [`has two lines for ${field}`, { [field]: 'a\nb' }, [`${field} value_invalid`]] as const,
    ),
    ...['owner', 'a@', '@b', 'a b@c', 'a@b@c', 'a@b\n', 'a\0@b'].map(
      (text) =>
        [
          `has ${JSON.stringify(text)} for an address`,
          { registrationAccount: text },
          ['registrationAccount value_invalid'],
        ] as const,
    ),
    ...['', 'N', 'NLD', '31', 'ZZ', 'XA', 'EU', 'QQ', 'Å1', 'ß'].map(
      (code) =>
        [
          `has the country ${JSON.stringify(code)}`,
          { countryCode: code },
          [`countryCode ${code.length > 2 ? 'value_too_long' : 'value_invalid'}`],
        ] as const,
    ),
    ['has a data center that there is not', { dataCenter: 'West Europe' }, ['dataCenter value_invalid']],
    ['has no data center', { dataCenter: undefined }, ['dataCenter value_required']],
    ['has a number for a mode', { managementMode: 1 }, ['managementMode value_invalid']],
    ['has a text for tags', { tags: 'one' }, ['tags value_invalid']],
    ['has a number for a tag', { tags: [1] }, ['tags.0 value_invalid']],
    ['has two lines for a tag', { tags: ['a', 'a\nb'] }, ['tags.1 value_invalid']],
    ['has an empty tag', { tags: [''] }, ['tags.0 value_invalid']],
    ['has a member that there is not', { country: 'NL' }, ['country field_unknown']],
    ['has a member twice', { FIRSTNAME: 'Eve' }, ['firstName field_twice']],
  ];
  for (const [what, body, errors] of cases) {
    test(`is 400 body_invalid where it ${what}`, async () => {
      const before = await lastEvent(send);
      const answer = await send('POST', partnerCustomers, { body: wanted(body) });
      const problem = await assertProblem(answer, 400, 'body_invalid');
      assert.deepEqual(errorsOf(problem), errors);
      assert.doesNotMatch(JSON.stringify(problem), new RegExp(password));
      assert.equal(await lastEvent(send), before);
    });
  }

  test('is 403 customer_scope_insufficient of a restricted app, whatever else is wrong with it', async () => {
    for (const body of [wanted(), {}, '{', { firstName: 7 }])
      await assertProblem(
        await restricted('POST', partnerCustomers, { body }),
        403,
        'customer_scope_insufficient',
      );
  });

  test('needs a body', async () => {
    for (const body of ['', 'null', '{}', '[]'])
      await assertProblem(await send('POST', partnerCustomers, { body }), 400, 'body_invalid');
  });
});

test('a password is nowhere: not in the store, on record, or in an answer, also where its JSON is broken', async () => {
  const secrets = ['marked-pw-kept', 'marked-pw-broken', 'marked-pw-refused', 'marked-pw-keyed'];
  const [kept, broken, refused, keyed] = secrets;
  const answers = [
    await send('POST', partnerCustomers, { body: wanted({ password: kept }) }),
    await send('POST', partnerCustomers, { body: `{"password": "${broken}" "x"}` }),
    await send('POST', partnerCustomers, { body: wanted({ password: refused, dataCenter: 'x' }) }),
    await send('POST', partnerCustomers, {
      body: wanted({ password: keyed }),
      headers: { 'idempotency-key': 'k' },
    }),
  ];
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 400, 400, 200],
  );
  const told = await Promise.all(answers.map((answer) => answer.text()));
  const events = await (await send('GET', '/api/v1/events?limit=1000')).text();
  for (const text of [...told, events, ...(await server.place.contents())]) {
    for (const secret of [...secrets, password]) assert.equal(text.includes(secret), false, secret);
  }
});

test('what was onboarded is what the record says', async () => {
  await readWhole(server.place.place, async (connection) => {
    for await (const { broken } of verifyStore(connection, { head: undefined }))
      assert.equal(broken, undefined);
  });
});

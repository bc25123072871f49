import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { after, describe, test } from 'node:test';
import { startProduct, temporaryFolder } from './product.ts';

interface RecordedAnswer {
  readonly customerId: string;
  readonly productType: number;
  readonly purchasedUserSeat: number;
}

const recording = new URL('../samples/recorded/production-2025-12-12.json', import.meta.url);
const { productOverview: recorded } = JSON.parse(readFileSync(recording, 'utf8')) as {
  productOverview: RecordedAnswer[];
};

const folder = await temporaryFolder();
const product = await startProduct(folder.path, { args: ['--sample'] });
after(async () => {
  await product[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

function ask(
  token: string,
  { customerId, productType }: RecordedAnswer,
  headers: Record<string, string> = {},
) {
  const path = `/partner/external/v3/general/customers/${customerId}/avpt-products/type/${productType}/overview`;
  return fetch(`${product.url}${path}`, { headers: { authorization: `Bearer ${token}`, ...headers } });
}

describe('the sample', () => {
  test('gives the number that production gave, for each of the 16 recorded customers and products', async () => {
    assert.equal(recorded.length, 16);
    assert.ok(product.sampleApp);
    const token = await product.token(product.sampleApp, ['elements.license.read.all']);
    for (const answer of recorded) {
      const { productType, purchasedUserSeat } = answer;
      const response = await ask(token, answer, { 'api-version': '2025-10-11' });
      assert.equal(await response.text(), JSON.stringify({ productType, purchasedUserSeat }));
    }
  });

  test('answers as the seed page does where no other revision is asked for', async () => {
    assert.ok(product.sampleApp);
    const token = await product.token(product.sampleApp);
    for (const answer of recorded) {
      const { productType, purchasedUserSeat: availableUserSeat } = answer;
      const response = await ask(token, answer);
      assert.equal(await response.text(), JSON.stringify({ productType, availableUserSeat }));
    }
  });
});

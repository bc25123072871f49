/** curl, as the README has it: a token by each way of sending the secret, then the seats. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { after, describe, test } from 'node:test';
import { promisify } from 'node:util';
import { startProduct, temporaryFolder } from '../product.ts';
import { seatQuestion } from './seatQuestion.ts';

const folder = await temporaryFolder();
const product = await startProduct(folder.path, { args: ['--sample'] });
after(async () => {
  await product[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});
assert.ok(product.sampleApp);

const { url } = product;
const { clientId, clientSecret } = product.sampleApp;

async function curl(...args: string[]): Promise<{ status: number; headers: string; body: string }> {
  const { stdout } = await promisify(execFile)('curl', ['-sS', '-i', ...args]);
  const end = stdout.indexOf('\r\n\r\n');
  const headers = stdout.slice(0, end).toLowerCase();
  return { status: Number(headers.split(' ')[1]), headers, body: stdout.slice(end + 4) };
}

const endpoint = `${url}/connect/token`;
const grant = ['-d', 'grant_type=client_credentials'];
const ways = {
  'in the form': (secret: string) => ['-d', `client_id=${clientId}`, '-d', `client_secret=${secret}`],
  'by -u': (secret: string) => ['-u', `${clientId}:${secret}`],
};

for (const [way, prove] of Object.entries(ways)) {
  describe(`curl with the secret ${way}`, () => {
    test('gets a token that answers for the seats', async () => {
      const granted = await curl(endpoint, ...grant, ...prove(clientSecret));
      assert.equal(granted.status, 200);
      assert.match(granted.headers, /\r\ncache-control: no-store(\r\n|$)/);
      const { access_token: token } = JSON.parse(granted.body) as { access_token: string };
      const answer = await curl('-H', `Authorization: Bearer ${token}`, `${url}${seatQuestion.path}`);
      assert.equal(answer.status, 200);
      assert.equal(answer.body, JSON.stringify(seatQuestion.answer));
    });

    test('is refused where the secret is wrong', async () => {
      const { status, headers, body } = await curl(endpoint, ...grant, ...prove('wrong'));
      const { error } = JSON.parse(body) as { error: string };
      assert.equal(error, 'invalid_client');
      assert.equal(status, way === 'by -u' ? 401 : 400);
      assert.equal(headers.includes('www-authenticate: basic '), way === 'by -u');
    });
  });
}

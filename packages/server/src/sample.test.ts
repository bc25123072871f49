import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startServer } from './app.ts';
import { testConfig } from './testing/config.ts';

const samples = new URL('../../../samples/', import.meta.url);
const sampleFile = fileURLToPath(new URL('lines.csv', samples));
const { productOverview: recorded } = JSON.parse(
  readFileSync(new URL('recorded/production-2025-12-12.json', samples), 'utf8'),
) as { productOverview: { customerId: string; productType: number; purchasedUserSeat: number }[] };

const folders: string[] = [];
after(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** The clock begins at the instant and goes on. */
function start(dataFolder: string, begin: number) {
  const offset = begin - Date.now();
  return startServer(testConfig({ place: { kind: 'folder', path: dataFolder }, sampleFile }), {
    now: () => Date.now() + offset,
  });
}

describe('the sample', () => {
  for (const year of [1999, 2026, 2099]) {
    test(`holds the recorded numbers in the year ${year} too`, async () => {
      const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
      folders.push(folder);
      const server = await start(folder, Date.UTC(year, 5, 15));
      const { sampleApp } = server;
      assert.ok(sampleApp);
      const form = {
        grant_type: 'client_credentials',
        client_id: sampleApp.clientId,
        client_secret: sampleApp.clientSecret,
      };
      const granted = await fetch(`${server.url}/connect/token`, {
        method: 'POST',
        body: new URLSearchParams(form),
      });
      const { access_token: token } = (await granted.json()) as { access_token: string };
      for (const { customerId, productType, purchasedUserSeat } of recorded) {
        const path = `/partner/external/v3/general/customers/${customerId}/avpt-products/type/${productType}/overview`;
        const headers = { authorization: `Bearer ${token}`, 'api-version': '2025-10-11' };
        const response = await fetch(`${server.url}${path}`, { headers });
        assert.deepEqual(await response.json(), { productType, purchasedUserSeat });
      }
      await server.stop();
    });
  }

  test('is loaded into an empty store alone', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'seatledger-'));
    folders.push(folder);
    const first = await start(folder, Date.UTC(2026, 0, 1));
    assert.ok(first.sampleApp);
    await first.stop();
    const second = await start(folder, Date.UTC(2026, 0, 2));
    assert.equal(second.sampleApp, undefined);
    await second.stop();
  });
});

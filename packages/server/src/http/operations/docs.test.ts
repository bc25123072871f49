import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { operations } from '@seatledger/contract';
import { openBrowser } from '../../testing/browser.ts';
import { startTestServer } from '../../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());

const { browser, close } = await openBrowser();
after(close);

test('the API reference shows the operations, and asks nobody but this server', async () => {
  const page = await browser.newPage();
  const asked: string[] = [];
  const complaints: string[] = [];
  page.on('request', (request) => asked.push(request.url()));
  page.on('console', (message) => {
    if (message.type() === 'error') complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(error.message));
  await page.goto(`${server.url}/docs`);
  await page.getByText(operations.getCustomerUserSeats.summary).first().waitFor();
  assert.deepEqual(complaints, []);
  const elsewhere = asked.filter((url) => !url.startsWith(`${server.url}/`) && !/^(?:data|blob):/.test(url));
  assert.deepEqual(elsewhere, []);
});

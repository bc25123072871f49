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

for (const { path } of [operations.getDocs, operations.getDocsScript, operations.getOpenApiDocument]) {
  test(`${path} is not sent again to who has it`, async () => {
    const first = await server.request(path);
    const tag = first.headers.get('etag') ?? '';
    assert.match(tag, /^W\/"[^"]+"$/);
    assert.notEqual(await first.text(), '');
    const again = await server.request(path, { headers: { 'if-none-match': tag } });
    assert.deepEqual([again.status, again.headers.get('etag'), await again.text()], [304, tag, '']);
    const other = await server.request(path, { headers: { 'if-none-match': 'W/"other"' } });
    assert.equal(other.status, 200);
    await other.arrayBuffer();
  });
}

test('the script is sent compressed to who takes that alone, under one tag', async () => {
  const { path } = operations.getDocsScript;
  const [zipped, plain] = [
    await server.request(path, { headers: { 'accept-encoding': 'gzip' } }),
    await server.request(path, { headers: { 'accept-encoding': 'gzip;q=0' } }),
  ];
  assert.deepEqual(
    [zipped, plain].map(({ headers }) => headers.get('content-encoding')),
    ['gzip', null],
  );
  assert.equal(zipped.headers.get('etag'), plain.headers.get('etag'));
  assert.equal(await zipped.text(), await plain.text());
});

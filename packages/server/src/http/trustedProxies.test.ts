import assert from 'node:assert/strict';
import { describe, test, type TestContext } from 'node:test';
import { startBareServer } from '../testing/bareServer.ts';

const peer = '127.0.0.1';

/** The address that the server takes a request to come from, which is sent from 127.0.0.1. */
async function addressAt(
  t: TestContext,
  trustedProxies: readonly string[],
  headers: Readonly<Record<string, string>>,
): Promise<string> {
  const server = await startBareServer({
    access: { isReachedByTls: false, trustedProxies, corsOrigins: [] },
  });
  t.after(() => server.stop());
  const answer = await fetch(`${server.url}/open`, { headers });
  return ((await answer.json()) as { ip: string }).ip;
}

describe('whom a request comes from', () => {
  const forwarded = { 'x-forwarded-for': '192.0.2.1', forwarded: 'for=192.0.2.1', 'x-real-ip': '192.0.2.1' };

  test('is the peer, whatever headers say, where no proxy is trusted', async (t) => {
    assert.equal(await addressAt(t, [], forwarded), peer);
  });

  test('is the peer where that is none of the proxies that are trusted', async (t) => {
    assert.equal(await addressAt(t, ['10.0.0.0/8', '127.0.0.2'], forwarded), peer);
  });

  for (const trusted of ['127.0.0.1', '127.0.0.0/8', '::ffff:127.0.0.1']) {
    test(`is told by a proxy that is trusted as ${trusted}`, async (t) => {
      assert.equal(await addressAt(t, ['2001:db8::/32', trusted], forwarded), '192.0.2.1');
    });
  }

  test('is the last whom the proxies did not only pass on, and nobody before it', async (t) => {
    const chain = { 'x-forwarded-for': '198.51.100.7, 192.0.2.1, 10.1.2.3' };
    assert.equal(await addressAt(t, [peer, '10.0.0.0/8'], chain), '192.0.2.1');
  });

  test('is the proxy itself where it names nobody', async (t) => {
    assert.equal(await addressAt(t, [peer], {}), peer);
  });
});

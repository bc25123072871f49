/** The way to a server: TLS, how fast apps may ask, and what stands between. */

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { makeTlsFiles } from '../packages/server/src/testing/tlsCertificate.ts';
import { becomes, createApp, startCommand, startProduct, temporaryFolder } from './product.ts';

/** What curl prints, which believes in this certificate alone. */
function curl(certificateFile: string, url: string, ...args: readonly string[]): string {
  const { stdout, stderr, status } = spawnSync('curl', ['-sS', '--cacert', certificateFile, ...args, url], {
    encoding: 'utf8',
  });
  return status === 0 ? stdout : `curl ended with ${status}: ${stderr}`;
}

describe('a server with a key and a certificate', () => {
  test('is at an https URL, for clients that know the certificate', async () => {
    await using folder = await temporaryFolder();
    const data = join(folder.path, 'data');
    const app = await createApp(data, ['seatledger.read']);
    const { keyFile, certificateFile } = makeTlsFiles(folder.path, 'seats');
    const args = ['--tls-key', keyFile, '--tls-certificate', certificateFile];
    await using product = await startProduct(data, { args });
    assert.match(product.url, /^https:\/\/127\.0\.0\.1:\d+$/);
    const configuration = `${product.url}/.well-known/openid-configuration`;
    assert.equal(JSON.parse(curl(certificateFile, configuration)).issuer, product.url);
    const form = `grant_type=client_credentials&client_id=${app.clientId}&client_secret=${app.clientSecret}`;
    const token = JSON.parse(curl(certificateFile, `${product.url}/connect/token`, '-d', form)).access_token;
    const bearer = ['-H', `Authorization: Bearer ${token}`, '-D', '-'];
    const answer = curl(certificateFile, `${product.url}/api/v1/seats`, ...bearer);
    assert.match(answer, /^HTTP\/1\.1 200 /);
    assert.match(answer, /\r\nstrict-transport-security: max-age=/);
    const { port } = new URL(product.url);
    await assert.rejects(fetch(`http://127.0.0.1:${port}/openapi.json`));
  });

  test('takes a renewed certificate on SIGHUP, and keeps its own where the new one is no good', async () => {
    await using folder = await temporaryFolder();
    const [first, second] = ['first', 'second'].map((name) => makeTlsFiles(folder.path, name));
    assert.ok(first && second);
    const files = { keyFile: join(folder.path, 'key'), certificateFile: join(folder.path, 'certificate') };
    function install({ keyFile, certificateFile }: typeof files): void {
      copyFileSync(keyFile, files.keyFile);
      copyFileSync(certificateFile, files.certificateFile);
    }
    install(first);
    const environment = { TLS_KEY: files.keyFile, TLS_CERTIFICATE: files.certificateFile };
    const serve = ['serve', '--json', '--port', '0', '--data', join(folder.path, 'data')];
    const server = startCommand(serve, environment);
    const { url } = JSON.parse((await server.printed(/^.*\n/))[0]);
    const isShown = async ({ certificateFile }: typeof files) =>
      curl(certificateFile, `${url}/openapi.json`).startsWith('{');
    assert.deepEqual([await isShown(first), await isShown(second)], [true, false]);

    writeFileSync(files.keyFile, 'no key');
    const said = once(server.process.stderr, 'data');
    server.process.kill('SIGHUP');
    assert.match(String(await said), /the certificate was not renewed/);
    assert.deepEqual([await isShown(first), await isShown(second)], [true, false]);

    install(second);
    server.process.kill('SIGHUP');
    await becomes(() => isShown(second), true);
    assert.equal(await isShown(first), false);
    server.process.kill('SIGTERM');
    const { exitCode, stderr } = await server.ended;
    assert.equal(exitCode, 0);
    assert.ok(!stderr.includes('no key'));
  });
});

test('a server without TLS stops on SIGHUP, and cleanly', async () => {
  await using folder = await temporaryFolder();
  const server = startCommand(['serve', '--port', '0', '--data', folder.path]);
  await server.printed(/\n/);
  server.process.kill('SIGHUP');
  assert.equal((await server.ended).exitCode, 0);
});

describe('an app', () => {
  for (const [what, limit, policy, isRefused] of [
    ['100 requests a second where nobody says otherwise', '', '"app";q=200;w=2', false],
    ['as many as the operator says', '1', '"app";q=2;w=2', true],
    ['as many as it likes where there is no limit', '0', null, false],
  ] as const) {
    test(`may send ${what}`, async () => {
      await using folder = await temporaryFolder();
      const app = await createApp(folder.path, ['seatledger.read']);
      await using product = await startProduct(folder.path, { environment: { RATE_LIMIT: limit } });
      const authorization = `Bearer ${await product.token(app)}`;
      const asked = Array.from({ length: 20 }, () =>
        fetch(`${product.url}/api/v1/seats`, { headers: { authorization } }),
      );
      const answers = await Promise.all(asked);
      assert.equal(
        answers.some(({ status }) => status === 429),
        isRefused,
      );
      for (const { headers } of answers) assert.equal(headers.get('ratelimit-policy'), policy);
    });
  }
});

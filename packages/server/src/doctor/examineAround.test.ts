/** What is risky around a store is brought about by hand, and is found: a configuration, a certificate, a server. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { startServer } from '../app.ts';
import { ConfigurationError } from '../config.ts';
import { makeCertificate } from '../testing/certificates.ts';
import { testConfig } from '../testing/config.ts';
import { openExamined } from '../testing/examined.ts';
import { makeTlsFiles } from '../testing/tlsCertificate.ts';
import { examine } from './examine.ts';
import type { Check } from './finding.ts';

const dayMs = 86_400_000;
const files = mkdtempSync(join(tmpdir(), 'seatledger-doctor-'));
after(() => rmSync(files, { recursive: true, force: true }));
const examined = await openExamined();
after(() => examined.place.remove());
const { place } = examined;
const { found, amiss, one } = examined;

describe('the configuration', () => {
  const cases: readonly (readonly [
    what: string,
    variables: NodeJS.ProcessEnv,
    expected: readonly (readonly [Check, string])[],
  ])[] = [
    ['that would not start', { HOST: '0.0.0.0' }, [['configuration', 'problem']]],
    ['with a port that is none', { PORT: 'many' }, [['configuration', 'problem']]],
    [
      'on every address, for a proxy that is not named',
      { HOST: '0.0.0.0', SEATLEDGER_PUBLIC_URL: 'https://seats.example.com' },
      [
        ['configuration', 'warning'],
        ['configuration', 'warning'],
      ],
    ],
    [
      'behind a proxy of this machine that is named',
      { SEATLEDGER_PUBLIC_URL: 'https://seats.example.com', TRUST_PROXY: '127.0.0.1' },
      [],
    ],
    ['with metrics for everybody', { METRICS_ADDRESS: '0.0.0.0:9464' }, [['configuration', 'warning']]],
    ['with metrics for this machine', { METRICS_ADDRESS: '[::1]:9464' }, []],
    ['without a limit', { RATE_LIMIT: '0' }, [['configuration', 'warning']]],
  ];
  for (const [what, variables, expected] of cases)
    test(`${what} is found ${expected.length === 0 ? 'good' : 'so'}`, async () => {
      assert.deepEqual(await amiss({ variables }), expected);
    });

  test('of a database over a network asks for TLS', async () => {
    const secret = 'marked-password';
    const seen = async (query: string) => {
      const databaseUrl = `postgres://user:${secret}@203.0.113.1:1/seats?connect_timeout=1${query}`;
      const findings = await examine({ databaseUrl }, { environment: {} });
      assert.equal(JSON.stringify(findings).includes(secret), false);
      assert.ok(findings.some(({ check, state }) => check === 'database' && state === 'problem'));
      return findings.find(({ check }) => check === 'configuration')?.state;
    };
    assert.equal(await seen(''), 'warning');
    assert.equal(await seen('&sslmode=verify-full'), 'ok');
  });
});

describe('the certificate of the configuration', () => {
  function variables(name: string, term: { startsAt?: number; expiresAt?: number }): NodeJS.ProcessEnv {
    const { pem, privateKey } = makeCertificate(term);
    const named = { TLS_KEY: join(files, `${name}.key`), TLS_CERTIFICATE: join(files, `${name}.crt`) };
    writeFileSync(named.TLS_KEY, privateKey);
    writeFileSync(named.TLS_CERTIFICATE, pem);
    return named;
  }
  const cases = [
    ['ends in half a year', { expiresAt: Date.now() + 180 * dayMs }, []],
    ['ends in two weeks', { expiresAt: Date.now() + 14 * dayMs }, [['tls', 'warning']]],
    ['has ended', { expiresAt: Date.now() - dayMs }, [['tls', 'problem']]],
    ['has not begun', { startsAt: Date.now() + dayMs }, [['tls', 'problem']]],
  ] as const;
  for (const [what, term, expected] of cases)
    test(`that ${what} is found so`, async () => {
      assert.deepEqual(await amiss({ variables: variables(what.replaceAll(' ', '-'), term) }), expected);
    });

  test('that cannot be read is a problem', async () => {
    const named = { TLS_KEY: join(files, 'no.key'), TLS_CERTIFICATE: join(files, 'no.crt') };
    assert.deepEqual(await amiss({ variables: named }), [['tls', 'problem']]);
  });
});

describe('a server that is asked', () => {
  test('and does not answer is a problem, as is what is no such server', async () => {
    const other = createServer((_request, response) => response.end('hello')).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    assert.deepEqual(await amiss({ url }), [['server', 'problem']]);
    other.close();
    other.closeAllConnections();
    await once(other, 'close');
    assert.deepEqual(await amiss({ url }), [['server', 'problem']]);
    assert.match((await one('server', { url })).seen, /ECONNREFUSED/);
  });

  test('with a certificate that ends soon, and that nobody here trusts, is told of for both', async () => {
    const tls = makeTlsFiles(files, 'soon');
    const server = await startServer(testConfig({ place: place.place, tls }));
    try {
      assert.deepEqual(await amiss({ url: server.url }), [
        ['tls', 'warning'],
        ['server', 'problem'],
      ]);
      assert.match((await one('server', { url: server.url })).seen, /SELF_SIGNED/);
    } finally {
      await server.stop();
    }
  });

  test('has to be an origin', async () => {
    for (const url of ['seats', 'ftp://seats', 'http://user:secret@seats', 'http://seats/path'])
      await assert.rejects(found({ url }), ConfigurationError);
  });
});

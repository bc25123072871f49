import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { describe, test } from 'node:test';
import { ConfigurationError, isReachedByTls, readServeConfig, type ServeFlags } from './config.ts';

type Environment = Readonly<Record<string, string>>;
const tls: ServeFlags = { tlsKey: 'a.key', tlsCertificate: 'a.crt' };
const https = 'https://seats.example.com';

function refused(flags: ServeFlags, environment: Environment = {}): ConfigurationError {
  let refusal: unknown;
  try {
    readServeConfig(flags, environment);
  } catch (error) {
    refusal = error;
  }
  assert.ok(refusal instanceof ConfigurationError, 'the configuration was taken');
  assert.match(refusal.message, /^[A-Z].*\.$/);
  return refusal;
}

describe('a server that nobody tells anything', () => {
  test('is on loopback alone, speaks plain HTTP, trusts no proxy and no page, and limits apps to 100 a second', () => {
    const {
      host,
      port,
      publicUrl,
      tls: files,
      trustedProxies,
      corsOrigins,
      rateLimit,
    } = readServeConfig({}, {});
    assert.deepEqual([host, port, publicUrl, files], ['127.0.0.1', 8080, undefined, undefined]);
    assert.deepEqual([trustedProxies, corsOrigins, rateLimit], [[], [], 100]);
  });

  test('takes a variable that is empty for one that is not set', () => {
    const names = [
      'TLS_KEY',
      'TLS_CERTIFICATE',
      'TRUST_PROXY',
      'CORS_ORIGINS',
      'RATE_LIMIT',
      'MAX_CONNECTIONS',
      'HOST',
      'PORT',
    ];
    const empty = Object.fromEntries(names.map((name) => [name, '']));
    assert.deepEqual(readServeConfig({}, empty), readServeConfig({}, {}));
  });
});

describe('metrics', () => {
  const cases: readonly (readonly [text: string, host: string, port: number])[] = [
    ['127.0.0.1:9464', '127.0.0.1', 9464],
    ['0.0.0.0:0', '0.0.0.0', 0],
    ['[::1]:65535', '::1', 65_535],
    ['localhost:9464', '127.0.0.1', 9464],
    ['metrics.internal:9464', 'metrics.internal', 9464],
  ];
  for (const [text, host, port] of cases)
    test(`are served at ${text}`, () => {
      assert.deepEqual(readServeConfig({ metricsAddress: text }, {}).metrics, { host, port });
      assert.deepEqual(readServeConfig({}, { METRICS_ADDRESS: text }).metrics, { host, port });
    });

  test('are served nowhere unless that is said', () => {
    assert.equal(readServeConfig({}, { METRICS_ADDRESS: '' }).metrics, undefined);
  });

  for (const text of [
    '',
    '9464',
    ':9464',
    '127.0.0.1',
    '127.0.0.1:',
    '127.0.0.1:65536',
    '1.2.3:1',
    '::1:9464',
    '[127.0.0.1]:1',
    'http://127.0.0.1:1',
    'a b:1',
    'localhost:1/x',
  ])
    test(`are not served at "${text}"`, () => {
      refused({ metricsAddress: text });
    });
});

describe('a flag wins over its variable:', () => {
  const cases: readonly (readonly [keyof ServeFlags, string, string, string, unknown, unknown])[] = [
    ['rateLimit', 'RATE_LIMIT', '7', '8', 7, 8],
    ['maxConnections', 'MAX_CONNECTIONS', '7', '8', 7, 8],
    ['trustProxy', 'TRUST_PROXY', '10.0.0.1', '10.0.0.2', ['10.0.0.1'], ['10.0.0.2']],
    [
      'corsOrigin',
      'CORS_ORIGINS',
      'http://a.example',
      'http://b.example',
      ['http://a.example'],
      ['http://b.example'],
    ],
  ];
  for (const [flag, variable, flagText, variableText, byFlag, byVariable] of cases) {
    test(`${flag} over ${variable}`, () => {
      const valueOf = (flags: ServeFlags) => {
        const { rateLimit, maxConnections, trustedProxies, corsOrigins } = readServeConfig(flags, {
          [variable]: variableText,
        });
        return { rateLimit, maxConnections, trustProxy: trustedProxies, corsOrigin: corsOrigins }[
          flag as 'rateLimit'
        ];
      };
      assert.deepEqual([valueOf({ [flag]: flagText }), valueOf({})], [byFlag, byVariable]);
    });
  }

  test('the files of TLS, each by itself', () => {
    const environment = { TLS_KEY: 'b.key', TLS_CERTIFICATE: 'b.crt' };
    const files = (flags: ServeFlags) => readServeConfig(flags, environment).tls;
    assert.deepEqual(files({}), { keyFile: resolve('b.key'), certificateFile: resolve('b.crt') });
    assert.deepEqual(files({ tlsKey: 'a.key' }), {
      keyFile: resolve('a.key'),
      certificateFile: resolve('b.crt'),
    });
  });
});

describe('TLS', () => {
  test('is refused by halves, and the other half is asked for', () => {
    assert.match(refused({ tlsKey: 'a.key' }).message, /--tls-certificate/);
    assert.match(refused({ tlsCertificate: 'a.crt' }).message, /--tls-key/);
    assert.match(refused({}, { TLS_KEY: 'a.key' }).message, /TLS_CERTIFICATE/);
  });

  test('is refused with a sample, which is tried out without', () => {
    refused({ ...tls, sampleFile: 'lines.csv' });
  });

  test('is what clients speak where the server does, or a proxy at an https origin', () => {
    const reached = (flags: ServeFlags) => isReachedByTls(readServeConfig(flags, {}));
    assert.deepEqual(
      [{}, tls, { publicUrl: https }, { publicUrl: 'http://seats.example.com' }].map(reached),
      [false, true, true, false],
    );
  });
});

describe('a host', () => {
  for (const host of ['localhost', '127.0.0.1', '127.1.2.3', '::1', '0:0:0:0:0:0:0:1', '::ffff:127.0.0.1']) {
    test(`${host} is of this machine and needs nothing`, () => {
      assert.equal(readServeConfig({ host }, {}).host, host);
    });
  }

  for (const host of [
    '0.0.0.0',
    '::',
    '10.0.0.1',
    '2001:db8::1',
    '128.0.0.1',
    'seats.example.com',
    '127.evil.example',
  ]) {
    test(`${host} is of a network and needs TLS, its own or that of an https origin`, () => {
      for (const flags of [{ host }, { host, publicUrl: 'http://seats.example.com' }]) {
        const { message } = refused(flags);
        for (const remedy of ['--tls-key', '--tls-certificate', '--public-url'])
          assert.ok(message.includes(remedy), message);
      }
      refused({}, { HOST: host });
      assert.equal(readServeConfig({ host, ...tls }, {}).host, host);
      assert.equal(readServeConfig({ host, publicUrl: https }, {}).host, host);
    });
  }
});

describe('proxies', () => {
  test('are trusted by addresses and ranges, with blanks around the commas or none', () => {
    const trustProxy = '127.0.0.1, 10.0.0.0/8,2001:db8::/32 ,::1,192.0.2.0/32,2001:db8::1/128';
    assert.deepEqual(readServeConfig({ trustProxy }, {}).trustedProxies, [
      '127.0.0.1',
      '10.0.0.0/8',
      '2001:db8::/32',
      '::1',
      '192.0.2.0/32',
      '2001:db8::1/128',
    ]);
  });

  for (const trustProxy of [
    'true',
    '1',
    'loopback',
    'proxy.example.com',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/0',
    '::/0',
    '2001:db8::/129',
    '10.0.0.0/',
    '10.0.0.0/8/8',
    '10.0.0.0/255.0.0.0',
    '10.0.0.0/-1',
    '10.0.0.0/8.5',
    'fe80::1%eth0',
    '127.0.0.1;10.0.0.1',
    '127.0.0.1 10.0.0.1',
    '127.0.0.1,*',
  ]) {
    test(`are not trusted as ${trustProxy}`, () => {
      refused({ trustProxy });
    });
  }
});

describe('pages', () => {
  test('are let in by their origins, written as browsers write them', () => {
    const corsOrigin = 'https://Console.example.com:443/, http://localhost:5173,https://bücher.example';
    assert.deepEqual(readServeConfig({ corsOrigin }, {}).corsOrigins, [
      'https://console.example.com',
      'http://localhost:5173',
      'https://xn--bcher-kva.example',
    ]);
  });

  for (const corsOrigin of [
    '*',
    'null',
    'https://*.example.com',
    'console.example.com',
    'https://console.example.com/app',
    'https://console.example.com?a',
    'https://user@console.example.com',
    'file:///console',
    'https://a.example;https://b.example',
    'https://a.example,*',
  ]) {
    test(`are not let in by ${corsOrigin}`, () => {
      refused({ corsOrigin });
    });
  }
});

describe('the rate limit', () => {
  for (const [rateLimit, perSecond] of [
    ['0', 0],
    ['1', 1],
    ['1000000', 1_000_000],
  ] as const) {
    test(`may be ${rateLimit}`, () => {
      assert.equal(readServeConfig({ rateLimit }, {}).rateLimit, perSecond);
    });
  }

  for (const rateLimit of ['', ' ', '-1', '0.5', '1e3', '0x10', '1000001', 'ten', '10/s', 'Infinity']) {
    test(`cannot be ${rateLimit === '' ? 'empty' : rateLimit}`, () => {
      refused({ rateLimit });
    });
  }
});

describe('the most connections', () => {
  test('are 10,000 unless somebody says so', () => {
    assert.equal(readServeConfig({}, {}).maxConnections, 10_000);
  });

  for (const maxConnections of ['0', '-1', '1.5', '1000001', 'many']) {
    test(`cannot be ${maxConnections}`, () => {
      refused({ maxConnections });
    });
  }
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, describe, test } from 'node:test';
import { ConfigurationError, type TlsFiles } from './config.ts';
import { makeTlsFiles, tlsPairOf } from './testing/tlsCertificate.ts';
import { readTlsPair } from './tlsFiles.ts';

const folder = mkdtempSync(join(tmpdir(), 'seatledger-tls-'));
after(() => rmSync(folder, { recursive: true }));
const own = makeTlsFiles(folder, 'own');
const other = makeTlsFiles(folder, 'other');

function fileOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
const chain = (...files: readonly string[]) => files.map((file) => readFileSync(file, 'utf8')).join('');

function withPassphrase(): string {
  const path = join(folder, 'locked.key');
  execFileSync('openssl', ['ec', '-in', own.keyFile, '-aes256', '-passout', 'pass:secret', '-out', path], {
    stdio: 'pipe',
  });
  return path;
}

function weak(): TlsFiles {
  const files = { keyFile: join(folder, 'weak.key'), certificateFile: join(folder, 'weak.crt') };
  const make = ['req', '-x509', '-newkey', 'rsa:1024', '-nodes', '-subj', '/CN=weak'];
  execFileSync('openssl', [...make, '-keyout', files.keyFile, '-out', files.certificateFile], {
    stdio: 'pipe',
  });
  return files;
}

test('the pair is what the files hold, with the issuers after the certificate', () => {
  assert.deepEqual(readTlsPair(own), tlsPairOf(own));
  const certificateFile = fileOf('chain.crt', chain(own.certificateFile, other.certificateFile));
  const { certificate } = readTlsPair({ ...own, certificateFile });
  assert.equal(certificate, readFileSync(certificateFile, 'utf8'));
});

test('a certificate that is of another key is told from one that cannot be used', () => {
  for (const files of [
    { ...own, keyFile: other.keyFile },
    { ...own, certificateFile: other.certificateFile },
  ])
    assert.throws(() => readTlsPair(files), /is not for the key/);
});

describe('a pair is refused, with the names of its files and nothing of what is in them,', () => {
  const cases: readonly (readonly [what: string, files: () => TlsFiles])[] = [
    ['where the key is not there', () => ({ ...own, keyFile: join(folder, 'nothing') })],
    ['where the certificate is not there', () => ({ ...own, certificateFile: join(folder, 'nothing') })],
    ['where the key is a folder', () => ({ ...own, keyFile: folder })],
    ['where the key is empty', () => ({ ...own, keyFile: fileOf('empty', '') })],
    ['where the key is a certificate', () => ({ ...own, keyFile: own.certificateFile })],
    ['where the certificate is a key', () => ({ ...own, certificateFile: own.keyFile })],
    [
      'where they are the wrong way round',
      () => ({ keyFile: own.certificateFile, certificateFile: own.keyFile }),
    ],
    ['where the certificate is not one', () => ({ ...own, certificateFile: fileOf('text', 'a text') })],
    ['where the key is cut off', () => ({ ...own, keyFile: fileOf('cut', chain(own.keyFile).slice(0, 80)) })],
    ['where the key has a passphrase', () => ({ ...own, keyFile: withPassphrase() })],
    ['where they are of different pairs', () => ({ ...own, keyFile: other.keyFile })],
    [
      'where an issuer comes first',
      () => ({
        ...own,
        certificateFile: fileOf('turned', chain(other.certificateFile, own.certificateFile)),
      }),
    ],
    [
      'where an issuer is damaged',
      () => ({
        ...own,
        certificateFile: fileOf(
          'damaged',
          `${chain(own.certificateFile)}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n`,
        ),
      }),
    ],
    ['where the key is too weak', weak],
  ];
  for (const [what, files] of cases) {
    test(what, () => {
      const { keyFile, certificateFile } = files();
      assert.throws(
        () => readTlsPair({ keyFile, certificateFile }),
        (error) => {
          assert.ok(error instanceof ConfigurationError);
          assert.ok(
            [keyFile, certificateFile].some((file) => error.message.includes(file)),
            error.message,
          );
          assert.match(error.message, /^[A-Z].*\.$/);
          const secret = chain(own.keyFile).split('\n')[1] ?? '';
          assert.ok(!`${error.message}${error.stack}${String(error.cause)}`.includes(secret));
          return true;
        },
      );
    });
  }
});

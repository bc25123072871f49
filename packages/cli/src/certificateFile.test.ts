import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { readCertificateFile } from './certificateFile.ts';
import { Failure } from './failure.ts';

const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
after(() => rm(folder, { recursive: true }));

function openssl(...args: readonly string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { cwd: folder, encoding: 'utf8' });
  assert.equal(status, 0, stderr);
}

// Made once for all tests.
const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256'];
openssl('req', '-x509', ...curve, '-nodes', '-subj', '/CN=x', '-keyout', 'key.pem', '-out', 'x.pem');
openssl('x509', '-in', 'x.pem', '-outform', 'der', '-out', 'x.cer');
openssl('x509', '-in', 'x.pem', '-text', '-out', 'text.crt');
openssl('pkcs8', '-topk8', '-in', 'key.pem', '-outform', 'der', '-nocrypt', '-out', 'key.der');
openssl('pkcs8', '-topk8', '-in', 'key.pem', '-passout', 'pass:x', '-out', 'encrypted.pem');
openssl('ec', '-in', 'key.pem', '-out', 'sec1.pem');

const read = (name: string) => readFile(join(folder, name));
const pem = await read('x.pem');
const der = await read('x.cer');
const expected = new X509Certificate(pem).raw.toString('base64');

async function fileOf(content: Buffer | string): Promise<string> {
  const file = join(folder, 'file');
  await writeFile(file, content);
  return file;
}

async function failureOf(file: string): Promise<Failure> {
  const error: unknown = await readCertificateFile(file).catch((reason: unknown) => reason);
  return error instanceof Failure ? error : assert.fail(String(error));
}

test('PEM, with text around it and other line ends too, and DER are the same certificate', async () => {
  for (const content of [pem, der, await read('text.crt'), String(pem).replaceAll('\n', '\r\n')])
    assert.equal(await readCertificateFile(await fileOf(content)), expected);
});

test('a file with a private key is refused whatever else is in it, and nothing of it is told', async () => {
  for (const name of ['key.pem', 'sec1.pem', 'encrypted.pem']) {
    const key = await read(name);
    for (const content of [key, Buffer.concat([pem, key]), Buffer.concat([key, pem])]) {
      const failure = await failureOf(await fileOf(content));
      assert.deepEqual([failure.facts.code, failure.facts.exitCode], ['private_key_given', 1]);
      assert.ok(!failure.message.includes(String(key).split('\n')[1] ?? ''));
    }
  }
});

test('what is not one certificate and nothing more is refused', async () => {
  const key = await read('key.der');
  const contents = [
    '',
    'x',
    key,
    der.subarray(0, -1),
    Buffer.concat([der, key]),
    Buffer.concat([pem, pem]),
    String(pem).replace('CERTIFICATE', 'CERTIFICATE REQUEST'),
    Buffer.alloc(1_000_000),
  ];
  for (const content of contents)
    assert.equal((await failureOf(await fileOf(content))).facts.code, 'certificate_unreadable');
});

test('a file that cannot be read, or has no end, is told as that', async () => {
  assert.equal((await failureOf(join(folder, 'none'))).facts.code, 'file_unreadable');
  assert.equal((await failureOf(folder)).facts.code, 'file_unreadable');
  assert.equal((await failureOf('/dev/zero')).facts.code, 'certificate_unreadable');
});

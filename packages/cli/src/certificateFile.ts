/** A certificate as it lies in a file, checked to be that and nothing more before it is sent. */

import { X509Certificate } from 'node:crypto';
import { certificateLengthMax } from '@seatledger/contract';
import { localFailure } from './failure.ts';
import { readSmallFile } from './inputFile.ts';

/** Certificates in PEM come with their text, and chains are told from what is no certificate. */
const fileBytesMax = 8 * certificateLengthMax;

const certificateBlock = /-----BEGIN CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END CERTIFICATE-----/g;
/** PKCS #8, encrypted too, PKCS #1, SEC 1 and OpenSSH. */
const privateKeyBlock = /-----BEGIN ([A-Z0-9]+ )*PRIVATE KEY-----/;

/**
 * The certificate in the file, PEM or DER, as its DER form in base64.
 *
 * Fails with `file_unreadable`, `certificate_unreadable` where it is not one certificate, and `private_key_given`. Nothing that the file
 * holds is told.
 */
export async function readCertificateFile(name: string): Promise<string> {
  const bytes = await readSmallFile(name, fileBytesMax);
  if (bytes === undefined) throw notOne(name, 'is too large to be one');
  const text = bytes.toString('latin1');
  if (privateKeyBlock.test(text)) {
    throw localFailure('private_key_given', `There is a private key in ${name}, so nothing was done.`);
  }
  const blocks = [...text.matchAll(certificateBlock)];
  if (blocks.length > 1) throw notOne(name, `holds ${blocks.length} of them`);
  const [block] = blocks;
  const der = block === undefined ? bytes : Buffer.from(block[1] ?? '', 'base64');
  if (!isCertificate(der)) throw notOne(name, 'holds none');
  const encoded = der.toString('base64');
  if (encoded.length > certificateLengthMax) throw notOne(name, 'is too large to be one');
  return encoded;
}

/** As `readCertificateFile` does, in this order. */
export async function readCertificateFiles(names: readonly string[]): Promise<string[]> {
  const certificates: string[] = [];
  for (const name of names) certificates.push(await readCertificateFile(name));
  return certificates;
}

/** Bytes behind it would be sent with it: a key, for instance. */
function isCertificate(der: Buffer): boolean {
  try {
    return new X509Certificate(der).raw.equals(der);
  } catch {
    return false;
  }
}

function notOne(name: string, reason: string) {
  return localFailure('certificate_unreadable', `${name} is no file of one certificate: it ${reason}.`);
}

/** Keys and certificates for TLS, made by OpenSSL as an operator makes them. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TlsFiles } from '../config.ts';
import type { TlsPair } from '../http/index.ts';

/** A new key of P-256 with a certificate for this machine, in two files of the folder that are named after it. */
export function makeTlsFiles(folder: string, name: string): TlsFiles {
  const keyFile = join(folder, `${name}.key`);
  const certificateFile = join(folder, `${name}.crt`);
  const make = [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-days',
    '2',
  ];
  const names = ['-subj', `/CN=${name}`, '-addext', 'subjectAltName=IP:127.0.0.1,DNS:localhost'];
  execFileSync('openssl', [...make, ...names, '-keyout', keyFile, '-out', certificateFile], {
    stdio: 'pipe',
  });
  return { keyFile, certificateFile };
}

export function tlsPairOf({ keyFile, certificateFile }: TlsFiles): TlsPair {
  return { key: readFileSync(keyFile, 'utf8'), certificate: readFileSync(certificateFile, 'utf8') };
}

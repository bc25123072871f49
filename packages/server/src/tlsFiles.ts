/** The key and the certificate that the server speaks TLS with, from their files. */

import { createPrivateKey, X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { ConfigurationError, type TlsFiles } from './config.ts';
import { tlsOptions, type TlsPair } from './http/index.ts';

/** Throws `ConfigurationError`, which names the files and says nothing of what is in them. */
export function readTlsPair({ keyFile, certificateFile }: TlsFiles): TlsPair {
  const pair = { key: textOf(keyFile, 'key'), certificate: textOf(certificateFile, 'certificate') };
  const key = understood(
    () => createPrivateKey(pair.key),
    `The file ${keyFile} does not begin with a private key in PEM that is readable without a passphrase.`,
  );
  const certificate = understood(
    () => new X509Certificate(pair.certificate),
    `The file ${certificateFile} does not begin with a certificate in PEM.`,
  );
  if (!certificate.checkPrivateKey(key)) {
    throw new ConfigurationError(
      `The certificate of ${certificateFile} is not for the key of ${keyFile}. The server's own comes first, before those of its issuers.`,
    );
  }
  understood(
    () => createSecureContext(tlsOptions(pair)),
    `TLS cannot be spoken with the key of ${keyFile} and the certificates of ${certificateFile}: they are damaged, or too weak.`,
  );
  return pair;
}

function textOf(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    const reason = error instanceof Error && 'code' in error ? ` (${String(error.code)})` : '';
    throw new ConfigurationError(`The ${what} for TLS cannot be read from ${path}${reason}.`);
  }
}

/** A failure's own words may hold what was read, so they go no further. */
function understood<Result>(read: () => Result, otherwise: string): Result {
  try {
    return read();
  } catch {
    throw new ConfigurationError(otherwise);
  }
}

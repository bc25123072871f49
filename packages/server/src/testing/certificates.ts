/** Client certificates as openssl makes them: what reads them must not be what makes them. */

import { spawnSync } from 'node:child_process';
import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type KeyKind = 'Ed25519' | 'P-256' | 'P-384' | 'RSA 1024' | 'RSA 2048';

export interface TestCertificate {
  readonly pem: string;
  /** PKCS #8, as PEM. */
  readonly privateKey: string;
}

/** A certificate that is signed with its own key. */
export function makeCertificate({
  key = 'P-256',
  privateKey = newPrivateKey(key),
  subject = '/CN=app',
  keyUsage = 'digitalSignature',
  startsAt = Date.UTC(2020, 0, 1),
  expiresAt = Date.UTC(2040, 0, 1),
}: {
  key?: KeyKind;
  /** PKCS #8, as PEM; a new one of the kind where it is left out. */
  privateKey?: string;
  /** As openssl reads names. */
  subject?: string;
  /** As openssl writes usages; null for a certificate that does not say any. */
  keyUsage?: string | null;
  /** Epoch milliseconds, of which whole seconds are kept. */
  startsAt?: number;
  expiresAt?: number;
} = {}): TestCertificate {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-certificate-'));
  try {
    const written: Readonly<Record<string, string>> = {
      key: privateKey,
      index: '',
      serial: `${randomBytes(8).toString('hex')}\n`,
      config: configWith(keyUsage),
    };
    for (const [name, text] of Object.entries(written))
      writeFileSync(join(folder, name), text, { mode: 0o600 });
    const config = ['-config', 'config'];
    openssl(folder, ['req', '-new', ...config, '-key', 'key', '-out', 'request', '-utf8', '-subj', subject]);
    const files = ['-keyfile', 'key', '-in', 'request', '-out', 'pem'];
    const term = ['-startdate', dateOf(startsAt), '-enddate', dateOf(expiresAt)];
    // Other than req and x509, it lets a certificate begin and end at any time in every version of openssl.
    openssl(folder, ['ca', '-batch', '-notext', '-selfsign', ...config, ...files, ...term]);
    return { pem: readFileSync(join(folder, 'pem'), 'utf8'), privateKey };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What openssl says of the certificate. */
export function opensslSays(pem: string, ...options: readonly string[]): string {
  return openssl(tmpdir(), ['x509', '-noout', ...options], pem);
}

const newKeys: Readonly<Record<KeyKind, () => KeyObject>> = {
  Ed25519: () => generateKeyPairSync('ed25519').privateKey,
  'P-256': () => generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey,
  'P-384': () => generateKeyPairSync('ec', { namedCurve: 'P-384' }).privateKey,
  'RSA 1024': () => generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey,
  'RSA 2048': () => generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey,
};

function newPrivateKey(kind: KeyKind): string {
  return newKeys[kind]().export({ format: 'pem', type: 'pkcs8' });
}

function openssl(folder: string, options: readonly string[], input = ''): string {
  const made = spawnSync('openssl', options, { cwd: folder, input, encoding: 'utf8' });
  if (made.status !== 0) throw made.error ?? new Error(made.stderr);
  return made.stdout;
}

function configWith(keyUsage: string | null): string {
  return `
[req]
distinguished_name = name
[name]
[ca]
default_ca = own
[own]
database = index
serial = serial
new_certs_dir = .
default_md = default
policy = any
x509_extensions = extensions
[any]
organizationName = optional
commonName = optional
[extensions]
basicConstraints = CA:FALSE
${keyUsage === null ? '' : `keyUsage = ${keyUsage}`}
`;
}

/** As openssl reads instants: 20260131093000Z. */
function dateOf(instant: number): string {
  return `${new Date(instant).toISOString().replaceAll(/\D/g, '').slice(0, 14)}Z`;
}

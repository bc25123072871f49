/** Signing keys as rows of the database, encrypted with a key that the server processes have and the database has not. */

import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyStore, StoredKey } from '../../identity/ports.ts';
import type { Connection } from '../connection.ts';
import type { Schema } from '../schema.ts';
import { statement } from '../statement.ts';
import { StoreUnavailableError } from '../unavailable.ts';

const cipher = 'aes-256-gcm';
const keyBytes = 32;
const nonceBytes = 12;
const tagBytes = 16;

type KeyRow = Schema['signing_keys'];

const allKeys = statement<object, KeyRow>((db) =>
  db.selectFrom('signing_keys').selectAll().orderBy('created_at').orderBy('kid'),
);

const insertKey = statement<KeyRow, unknown>((db, { kid, created_at, encrypted }) =>
  db.insertInto('signing_keys').values({ kid, created_at, encrypted }),
);

const deleteKey = statement<{ kid: string }, unknown>((db, { kid }) =>
  db.deleteFrom('signing_keys').where('kid', '=', kid),
);

/**
 * `encryptionKey` is what `SEATLEDGER_KEY` has; `alone` runs work in a transaction that no other process can be in at the same time.
 *
 * Of processes that save at the same time because there was no key, one key is kept: whoever saves loads again before it signs.
 * Throws `encryption_key_missing`, and `encryption_key_wrong` also where the rows were encrypted with another.
 */
export function keyRows(
  connection: Connection,
  {
    encryptionKey,
    alone,
  }: {
    encryptionKey: string | undefined;
    alone: (work: (connection: Connection) => Promise<void>) => Promise<void>;
  },
): KeyStore {
  return {
    async load() {
      const key = readEncryptionKey(encryptionKey);
      return (await connection.all(allKeys, {})).map((row) => decrypt(row, key));
    },
    async saveFirst(stored) {
      const row = rowOf(stored);
      await alone(async (setUp) => {
        if ((await setUp.first(allKeys, {})) === undefined) await setUp.run(insertKey, row);
      });
    },
    add: async (stored) => connection.run(insertKey, rowOf(stored)),
    remove: (kid) => connection.run(deleteKey, { kid }),
  };

  function rowOf(stored: StoredKey): KeyRow {
    const encrypted = encrypt(stored, readEncryptionKey(encryptionKey));
    return { kid: stored.kid, created_at: stored.createdAt, encrypted };
  }
}

/** 32 bytes in base64, as `openssl rand -base64 32` writes them. */
function readEncryptionKey(text: string | undefined): Buffer {
  if (text === undefined) {
    throw new StoreUnavailableError(
      'encryption_key_missing',
      'The signing keys in a database are encrypted with SEATLEDGER_KEY, and it is not set. Set it to the same 32 bytes in base64 for every server on the database; "openssl rand -base64 32" makes them.',
    );
  }
  const key = Buffer.from(text, 'base64');
  if (/^[A-Za-z0-9+/_-]{43}=?$/.test(text) && key.length === keyBytes) return key;
  throw new StoreUnavailableError(
    'encryption_key_wrong',
    'SEATLEDGER_KEY is not 32 bytes in base64, as "openssl rand -base64 32" makes them.',
  );
}

/** The key's id is authenticated with it: no row can be passed off as another. */
function encrypt({ kid, privateJwk }: StoredKey, encryptionKey: Buffer): string {
  const nonce = randomBytes(nonceBytes);
  const encryption = createCipheriv(cipher, encryptionKey, nonce, { authTagLength: tagBytes });
  encryption.setAAD(Buffer.from(kid));
  const text = Buffer.concat([encryption.update(JSON.stringify(privateJwk), 'utf8'), encryption.final()]);
  return Buffer.concat([nonce, encryption.getAuthTag(), text]).toString('base64');
}

function decrypt({ kid, created_at, encrypted }: KeyRow, encryptionKey: Buffer): StoredKey {
  const bytes = Buffer.from(encrypted, 'base64');
  const textStart = nonceBytes + tagBytes;
  try {
    const decryption = createDecipheriv(cipher, encryptionKey, bytes.subarray(0, nonceBytes), {
      authTagLength: tagBytes,
    });
    decryption.setAAD(Buffer.from(kid)).setAuthTag(bytes.subarray(nonceBytes, textStart));
    const text = Buffer.concat([decryption.update(bytes.subarray(textStart)), decryption.final()]);
    return { kid, createdAt: created_at, privateJwk: JSON.parse(text.toString('utf8')) };
  } catch (cause) {
    throw new StoreUnavailableError(
      'encryption_key_wrong',
      'SEATLEDGER_KEY is not the key that the signing keys in the database were encrypted with. Set that one.',
      { cause },
    );
  }
}

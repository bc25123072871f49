/** Signing keys as files of the data folder, each readable by its owner alone. */

import {
  closeSync,
  existsSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { KeyStore, StoredKey } from '../../identity/ports.ts';
import { StoreUnavailableError } from '../unavailable.ts';

const ending = '.json';

export function keyFolder(folder: string): KeyStore {
  return {
    async load() {
      if (!existsSync(folder)) {
        mkdirSync(folder, { mode: 0o700 });
        syncFolder(dirname(folder));
      }
      return readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .map((name) => readKey(join(folder, name)))
        .toSorted((one, other) => one.createdAt - other.createdAt);
    },
    async save(key) {
      // Written beside and renamed: a key is there whole or not at all.
      const path = join(folder, `${key.kid}${ending}`);
      writeDurably(`${path}.part`, `${JSON.stringify(key)}\n`);
      renameSync(`${path}.part`, path);
      syncFolder(folder);
    },
  };
}

function readKey(path: string): StoredKey {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StoredKey;
  } catch (cause) {
    const message = `The signing key ${path} cannot be read. Put it back from a backup; without it, tokens that it signed are refused.`;
    throw new StoreUnavailableError('signing_key_unreadable', message, { cause });
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** A rename is durable when its folder is. */
function syncFolder(folder: string): void {
  const directory = openSync(folder, 'r');
  try {
    fsyncSync(directory);
  } finally {
    closeSync(directory);
  }
}

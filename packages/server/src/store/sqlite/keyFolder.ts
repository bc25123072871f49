/** Signing keys as files of the data folder, each readable by its owner alone. */

import {
  closeSync,
  existsSync,
  fchownSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { KeyStore, StoredKey } from '../../identity/ports.ts';
import { StoreUnavailableError } from '../unavailable.ts';

const ending = '.json';

export function keyFolder(folder: string): KeyStore {
  return {
    async load() {
      if (!existsSync(folder)) return [];
      return readdirSync(folder)
        .filter((name) => name.endsWith(ending))
        .toSorted()
        .flatMap((name) => readKey(join(folder, name)) ?? [])
        .toSorted((one, other) => one.createdAt - other.createdAt);
    },
    // One process owns the folder, and makes its first key before it answers anybody.
    saveFirst: async (key) => save(folder, key),
    add: async (key) => save(folder, key),
    async remove(kid) {
      if (!existsSync(folder)) return;
      rmSync(pathOf(folder, kid), { force: true });
      syncFolder(folder);
    },
  };
}

function pathOf(folder: string, kid: string): string {
  return join(folder, `${kid}${ending}`);
}

/** Written beside and renamed: a key is there whole or not at all. */
function save(folder: string, key: StoredKey): void {
  if (!existsSync(folder)) {
    // Somebody else may make it at the same moment.
    mkdirSync(folder, { mode: 0o700, recursive: true });
    syncFolder(dirname(folder));
  }
  const path = pathOf(folder, key.kid);
  writeDurably(`${path}.part`, `${JSON.stringify(key)}\n`);
  renameSync(`${path}.part`, path);
  syncFolder(folder);
}

/** Undefined where it was removed after the folder was read. */
function readKey(path: string): StoredKey | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as StoredKey;
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    if (cause instanceof Error && 'code' in cause && cause.code === 'EACCES')
      throw new StoreUnavailableError(
        'signing_key_unreadable',
        `The signing key ${path} belongs to another user. Give it to the user that the server runs as.`,
        { cause },
      );
    const message = `The signing key ${path} cannot be read. Put it back from a backup; without it, tokens that it signed are refused.`;
    throw new StoreUnavailableError('signing_key_unreadable', message, { cause });
  }
}

function writeDurably(path: string, text: string): void {
  const file = openSync(path, 'w', 0o600);
  try {
    writeSync(file, text);
    // The superuser makes it for whoever owns the folder: a server that runs as somebody else could not read it.
    const { uid, gid } = statSync(dirname(path));
    if (process.getuid?.() === 0) fchownSync(file, uid, gid);
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

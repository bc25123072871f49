/** A data folder from outside: whether it is there, who may read it, whether a server is on it and whether there is room. */

import { existsSync, readdirSync, statfsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { folderHolder } from '../openLedger.ts';
import { type Finding, ok, problem, shellWord, warning } from './finding.ts';

const gibibyte = 1024 ** 3;
/** Below the first a store may be full before anybody looks again, below the second soon. */
const roomBytesLow = gibibyte;
const roomBytesScarce = gibibyte / 8;

/** Free bytes of the file system that the path is on. */
export type RoomOf = (path: string) => number;

export const roomOfSystem: RoomOf = (path) => {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize;
};

/** Undefined where there is no folder with a store, of which `missing` tells. */
export function examineFolder(path: string, roomOf: RoomOf): readonly Finding[] | { missing: Finding } {
  const folder = statSync(path, { throwIfNoEntry: false });
  if (folder === undefined || !folder.isDirectory() || !existsSync(join(path, 'seatledger.db'))) {
    const what = folder === undefined ? 'There is no' : 'There is no store in the';
    return {
      missing: problem(
        'folder',
        `${what} folder ${path}.`,
        'Check the name of the data folder; seatledger serve makes a new one.',
      ),
    };
  }
  return [
    ok('folder', `There is a store in ${path}.`),
    examineModes(path, folder.mode),
    examineLock(path),
    examineRoom(path, roomOf),
  ];
}

/** Bits of a mode that let somebody else in. */
const othersMask = 0o077;

function examineModes(path: string, mode: number): Finding {
  if (process.platform === 'win32')
    return ok('permissions', 'This system has no modes of files: see who may read the folder.');
  if ((mode & othersMask) !== 0) {
    return problem(
      'permissions',
      `Other users of this machine may enter the folder (mode ${modeText(mode)}), which has the signing keys.`,
      `chmod 700 ${shellWord(path)}`,
    );
  }
  const keys = join(path, 'keys');
  const open = existsSync(keys)
    ? readdirSync(keys).filter((name) => (statSync(join(keys, name)).mode & othersMask) !== 0)
    : [];
  if (open.length > 0) {
    return warning(
      'permissions',
      `Files of signing keys have modes that let others read them, and only the folder keeps these away.`,
      `chmod 600 ${shellWord(keys)}/*`,
    );
  }
  return ok('permissions', `The folder is its owner's alone (mode ${modeText(mode)}).`);
}

function modeText(mode: number): string {
  return (mode & 0o777).toString(8).padStart(4, '0');
}

function examineLock(path: string): Finding {
  const holder = folderHolder(path);
  return ok('lock', holder === undefined ? 'No server runs on it.' : `It is in use by ${holder}.`);
}

/** Of any path; a store, and imports on their way, are written there. */
export function examineRoom(path: string, roomOf: RoomOf): Finding {
  const free = roomOf(path);
  const seen = `${(free / gibibyte).toFixed(1)} GiB are free where ${path} is.`;
  const remedy =
    'Make room on that disk, or move the store to a larger one: without room changes are refused.';
  if (free < roomBytesScarce) return problem('disk', seen, remedy);
  return free < roomBytesLow ? warning('disk', seen, remedy) : ok('disk', seen);
}

/**
 * Files on their way: of an import the body as it came, and its rows once they are checked; and backups. Nothing of them outlives what they
 * are for.
 */

import { createWriteStream, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable, Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ProblemError } from '@seatledger/contract';
import type { ImportRow } from '../ledger/importRow.ts';
import { textLines } from './textLines.ts';
import { StoreUnavailableError } from './unavailable.ts';

export interface StagedImport {
  /** Where the body is, as it came. */
  readonly bodyPath: string;
  /** Where its checked rows are to be. */
  readonly rowsPath: string;
  discard(): Promise<void>;
}

export interface Staging {
  /** Takes in a body of at most so many bytes. Throws `body_too_large`; then nothing of it is left. */
  receive(body: Readable, bytesMax: number): Promise<StagedImport>;
  /** A name for a file that somebody else makes, and removes. */
  newPath(): string;
}

/** Empties the folder first: what is there was left by a process that was killed. */
export function openStaging(folder: string, newId: () => string): Staging {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { mode: 0o700, recursive: true });
  return {
    newPath: () => join(folder, newId()),
    async receive(body, bytesMax) {
      const path = join(folder, newId());
      const staged = {
        bodyPath: `${path}.body`,
        rowsPath: `${path}.rows`,
        discard: async () => {
          await Promise.all([`${path}.body`, `${path}.rows`].map((file) => rm(file, { force: true })));
        },
      };
      try {
        await pipeline(body, atMost(bytesMax), createWriteStream(staged.bodyPath, { mode: 0o600 }));
      } catch (error) {
        await staged.discard();
        throw isOutOfRoom(error) ? new ProblemError('storage_full') : error;
      }
      return staged;
    },
  };
}

/** Where no folder is this process's own: in a new one among temporary files. Throws `data_folder_unusable`. */
export function openTemporaryStaging(
  temporaryFolder: string,
  newId: () => string,
): Staging & { remove(): void } {
  const folder = makeTemporaryFolder(temporaryFolder);
  return {
    ...openStaging(join(folder, 'staging'), newId),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Made for its owner alone, under a name that nobody can guess. */
function makeTemporaryFolder(temporaryFolder: string): string {
  try {
    return mkdtempSync(join(temporaryFolder, 'seatledger-'));
  } catch (cause) {
    throw new StoreUnavailableError(
      'data_folder_unusable',
      `Imports cannot be kept below ${temporaryFolder} while they come in. Check TMPDIR, and that this user may write there.`,
      { cause },
    );
  }
}

/** Writes checked rows, each part of them as one JSON text a line. Throws `storage_full`. */
export async function writeStagedRows(
  rowsPath: string,
  parts: AsyncIterable<readonly ImportRow[]>,
): Promise<void> {
  async function* lines() {
    for await (const rows of parts) yield `${JSON.stringify(rows)}\n`;
  }
  try {
    await pipeline(Readable.from(lines()), createWriteStream(rowsPath, { mode: 0o600 }));
  } catch (error) {
    throw isOutOfRoom(error) ? new ProblemError('storage_full') : error;
  }
}

/** The rows in the parts in which they were written. */
export async function* readStagedRows(rowsPath: string): AsyncGenerator<readonly ImportRow[], undefined> {
  for await (const line of textLines(rowsPath)) yield JSON.parse(line) as ImportRow[];
  return undefined;
}

function atMost(bytesMax: number): Transform {
  let bytes = 0;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      done(bytes > bytesMax ? new ProblemError('body_too_large') : null, chunk);
    },
  });
}

/** What the system says where a disk is full, or a file as large as it may be. */
export function isOutOfRoom(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'ENOSPC' || error.code === 'EFBIG' || error.code === 'EDQUOT')
  );
}

/** Writes a backup: the file that `packages/contract/src/backups.ts` describes. */

import { createHash } from 'node:crypto';
import { pipeline, Readable } from 'node:stream';
import { createZstdCompress } from 'node:zlib';
import { backupEnd, backupFormat, type BackupHeader, backupVersion } from '@seatledger/contract';
import type { Connection } from './store/connection.ts';
import { schemaVersion } from './store/migrate.ts';
import { headsOf, rowLines } from './storeRows.ts';

export interface BackupOf {
  /** Null for every partner there is. */
  readonly partnerId: number | null;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** How many characters are compressed at once. */
const textLength = 65_536;

/** Writes the store, or what is of one partner, as the connection has it at one moment. What is written is alone with its bytes. */
export async function writeBackup(
  connection: Connection,
  { partnerId, now }: BackupOf,
  write: (bytes: Uint8Array) => Promise<void>,
): Promise<BackupHeader> {
  const digest = createHash('sha256');
  async function sealed(bytes: Uint8Array) {
    digest.update(bytes);
    await write(bytes);
  }
  const header: BackupHeader = {
    format: backupFormat,
    version: backupVersion,
    schema: schemaVersion,
    createdAt: new Date(now).toISOString(),
    scope: partnerId === null ? 'store' : 'partner',
    heads: await headsOf(connection, partnerId),
  };
  await sealed(Buffer.from(`${JSON.stringify(header)}\n`));
  const texts = Readable.from(rowTexts(connection, partnerId), { highWaterMark: 1 });
  // What goes wrong at its beginning is thrown at its end.
  const compressed = pipeline(texts, createZstdCompress(), () => undefined);
  for await (const bytes of compressed) await sealed(bytes as Uint8Array);
  await write(Buffer.from(backupEnd(digest.digest('hex'))));
  return header;
}

/** The rows, and at last how many there are. */
async function* rowTexts(
  connection: Connection,
  partnerId: number | null,
): AsyncGenerator<string, undefined> {
  let text = '';
  let rows = 0;
  for await (const line of rowLines(connection, partnerId)) {
    if (Array.isArray(line)) rows++;
    text += `${JSON.stringify(line)}\n`;
    if (text.length < textLength) continue;
    yield text;
    text = '';
  }
  yield `${text}${JSON.stringify({ rows })}\n`;
  return undefined;
}

/**
 * The file of a backup, as far as it can be checked without reading what is in it: a line that says of what and when it is, the rows,
 * compressed, and an end mark over every byte before it.
 *
 * The first line is JSON, a `BackupHeader`. The rows are one zstd frame (RFC 8878). The end mark is a line of its own: `sha256` and the
 * digest, in hex, of all that comes before it. A file that was cut off has no end mark, and one that was altered another digest.
 */

export const backupMediaType = 'application/vnd.seatledger.backup';

export const backupFormat = 'seatledger-backup';
export const backupVersion = 1;

/** The end of a partner's record: `verify --head` proves a store to be what it was then. */
export interface BackupHead {
  readonly partner: string;
  /** The last event; 0 where there is none. */
  readonly sequence: number;
  /** 64 hexadecimal digits. */
  readonly hash: string;
}

export interface BackupHeader {
  readonly format: typeof backupFormat;
  /** Of the format. */
  readonly version: number;
  /** Of the tables that the rows are of. */
  readonly schema: number;
  /** ISO 8601, in UTC. */
  readonly createdAt: string;
  /** Whether it has every partner of the store, or one alone. */
  readonly scope: 'partner' | 'store';
  readonly heads: readonly BackupHead[];
}

const endBytes = 73;
/** Some ten thousand partners. What is longer is no header, and is not kept to find that out. */
const headerBytesMax = 4_194_304;
const lineFeed = 10;

/** The end mark, given the digest in hex of all bytes before it. */
export function backupEnd(sha256: string): string {
  return `\nsha256 ${sha256}\n`;
}

/** A SHA-256, as `createHash` of Node has it. */
export interface Digest {
  update(bytes: Uint8Array): unknown;
  digest(encoding: 'hex'): string;
}

export interface WholeBackup {
  readonly header: BackupHeader;
  /** Where the compressed rows begin, and where they end. */
  readonly rowsFrom: number;
  readonly rowsTo: number;
  /** Of the whole file. */
  readonly bytes: number;
}

export interface BackupCheck {
  /** Takes the next bytes of the file. */
  take(bytes: Uint8Array): void;
  /** What was taken, or in half a sentence why it is no whole backup. */
  end(): WholeBackup | { readonly damage: string };
}

/** Checks a backup while it goes by, piece by piece and in memory of a few pieces. */
export function checkBackup(digest: Digest): BackupCheck {
  // Any of these bytes may be of the end mark.
  let held: Uint8Array = new Uint8Array();
  let bytes = 0;
  let header: Uint8Array = new Uint8Array();
  let rowsFrom: number | undefined;

  function takeHeader(taken: Uint8Array): void {
    if (rowsFrom !== undefined || header.length > headerBytesMax) return;
    const end = taken.indexOf(lineFeed);
    if (end !== -1) rowsFrom = header.length + end + 1;
    header = joined(header, end === -1 ? taken : taken.subarray(0, end));
  }

  return {
    take(taken) {
      bytes += taken.length;
      takeHeader(taken);
      const known = joined(held, taken);
      const digested = Math.max(0, known.length - endBytes);
      digest.update(known.subarray(0, digested));
      held = known.slice(digested);
    },
    end() {
      const begin = new TextDecoder().decode(header.subarray(0, 64));
      if (!begin.startsWith(`{"format":"${backupFormat}"`)) return { damage: 'it does not begin as one' };
      const end = new TextDecoder().decode(held);
      if (!/^\nsha256 [\da-f]{64}\n$/.test(end)) return { damage: 'its end is missing: it was cut off' };
      if (end !== backupEnd(digest.digest('hex')))
        return { damage: 'its checksum does not fit: it was altered' };
      const read = headerOf(new TextDecoder().decode(header));
      const rowsTo = bytes - endBytes;
      if (read === undefined || rowsFrom === undefined || rowsFrom > rowsTo)
        return { damage: 'its first line cannot be read' };
      return { header: read, rowsFrom, rowsTo, bytes };
    },
  };
}

function joined(one: Uint8Array, other: Uint8Array): Uint8Array {
  const both = new Uint8Array(one.length + other.length);
  both.set(one);
  both.set(other, one.length);
  return both;
}

function headerOf(text: string): BackupHeader | undefined {
  try {
    const header: unknown = JSON.parse(text);
    return isHeader(header) ? header : undefined;
  } catch {
    return undefined;
  }
}

/** A later version of the format begins with these as well, and may have more. */
function isHeader(value: unknown): value is BackupHeader {
  return (
    isObject(value) &&
    value['format'] === backupFormat &&
    Number.isSafeInteger(value['version']) &&
    Number.isSafeInteger(value['schema']) &&
    typeof value['createdAt'] === 'string' &&
    (value['scope'] === 'partner' || value['scope'] === 'store') &&
    Array.isArray(value['heads']) &&
    value['heads'].every(isHead)
  );
}

function isHead(value: unknown): value is BackupHead {
  return (
    isObject(value) &&
    typeof value['partner'] === 'string' &&
    Number.isSafeInteger(value['sequence']) &&
    typeof value['hash'] === 'string'
  );
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null;
}

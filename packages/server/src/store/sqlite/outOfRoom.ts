/**
 * `SQLITE_FULL`, and what a quota or a limit on file sizes gives: `SQLITE_IOERR_WRITE`, and `SQLITE_IOERR_SHMSIZE` for the index of the log.
 * Source: https://sqlite.org/rescode.html.
 */
const outOfRoom: readonly unknown[] = [13, 778, 4874];

/** Whether the disk, or what bounds files, leaves no room. */
export function isOutOfRoom(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && outOfRoom.includes(error.errcode);
}

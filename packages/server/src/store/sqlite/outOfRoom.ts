/** `SQLITE_FULL`, and the `SQLITE_IOERR_WRITE` that a limit on file sizes gives, of https://sqlite.org/rescode.html. */
const outOfRoom: readonly unknown[] = [13, 778];

export function isOutOfRoom(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && outOfRoom.includes(error.errcode);
}

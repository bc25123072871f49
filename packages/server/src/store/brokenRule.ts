/** Whether the error says that a row is not what the tables take: a key that is there twice, or one that refers to nothing. */
export function isBrokenRule(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  // The primary code of https://sqlite.org/rescode.html, and the class of the codes of PostgreSQL.
  if ('errcode' in error && typeof error.errcode === 'number') return (error.errcode & 0xff) === 19;
  return 'code' in error && typeof error.code === 'string' && /^23[\dA-Z]{3}$/.test(error.code);
}

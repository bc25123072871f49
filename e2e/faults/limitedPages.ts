/** Loaded before the server: its database file may have so many pages as a file says, or no more than it has, as on a disk of that size. */

import { readFileSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

const limitFile = process.env['PAGES_MAX_FILE'] ?? '';
// oxlint-disable-next-line typescript/unbound-method -- called on the database that it is a method of
const { exec } = DatabaseSync.prototype;

DatabaseSync.prototype.exec = function execWithin(sql) {
  if (sql === 'begin immediate')
    exec.call(this, `pragma max_page_count = ${readFileSync(limitFile, 'utf8')}`);
  exec.call(this, sql);
};

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { backupEnd, backupFormat, type BackupHeader, checkBackup } from './backups.ts';

const header: BackupHeader = {
  format: backupFormat,
  version: 1,
  schema: 1,
  createdAt: '2026-01-31T00:00:00.000Z',
  scope: 'store',
  heads: [{ partner: 'one', sequence: 3, hash: 'a'.repeat(64) }],
};

function sealed(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([bytes, Buffer.from(backupEnd(createHash('sha256').update(bytes).digest('hex')))]);
}
const first = `${JSON.stringify(header)}\n`;
const file = sealed(`${first}rows\nand rows`);

function checked(bytes: Uint8Array, pieceLength = bytes.length + 1) {
  const check = checkBackup(createHash('sha256'));
  for (let from = 0; from < bytes.length; from += pieceLength)
    check.take(bytes.subarray(from, from + pieceLength));
  return check.end();
}
const isRefused = (bytes: Uint8Array) => 'damage' in checked(bytes);

describe('a backup', () => {
  test('is whole in whatever pieces it comes', () => {
    const whole = { header, rowsFrom: first.length, rowsTo: first.length + 13, bytes: file.length };
    for (let pieceLength = 1; pieceLength <= file.length + 1; pieceLength++)
      assert.deepEqual(checked(file, pieceLength), whole, `pieces of ${pieceLength}`);
  });

  test('is refused where it ends before its end, wherever that is', () => {
    for (let length = 0; length < file.length; length++)
      assert.ok(isRefused(file.subarray(0, length)), `after ${length} bytes`);
  });

  test('is refused with any one bit of any byte another', () => {
    for (let at = 0; at < file.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const altered = Buffer.from(file);
        altered[at] = (altered[at] ?? 0) ^ (1 << bit);
        assert.ok(isRefused(altered), `bit ${bit} of byte ${at}`);
      }
    }
  });

  test('is refused with bytes that are removed, added or others anywhere', () => {
    const place = fc.nat(file.length);
    fc.assert(
      fc.property(place, place, fc.uint8Array({ maxLength: 100 }), (from, removed, added) => {
        const altered = Buffer.concat([file.subarray(0, from), added, file.subarray(from + removed)]);
        fc.pre(!altered.equals(file));
        return isRefused(altered);
      }),
      { numRuns: 2000 },
    );
  });

  test('says what is wrong with it', () => {
    for (const [bytes, damage] of [
      [Buffer.from(''), /begin/],
      [Buffer.from('customerId,productType,seats\n'), /begin/],
      [file.subarray(0, -1), /cut off/],
      [Buffer.concat([file, Buffer.from('\n')]), /cut off/],
      [Buffer.from(file.toString().replace('rows', 'rowz')), /altered/],
      [sealed(first.replace('"store"', '"shop"')), /first line/],
      [sealed(first.trimEnd()), /first line/],
    ] as const) {
      const found = checked(bytes);
      assert.match('damage' in found ? found.damage : 'whole', damage);
    }
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type FieldProblem, importErrorsNamedMax, ProblemError } from '@seatledger/contract';
import { checkImport, type ImportFormat } from './checkImport.ts';

const header = 'customerId,productType,seats\n';

/** The rows that came, and the problem at the end of them. */
async function check(
  bytes: Iterable<Uint8Array>,
  format: ImportFormat = 'csv',
): Promise<{ lines: readonly number[]; errors: readonly FieldProblem[]; errorCount: number }> {
  async function* pieces() {
    yield* bytes;
  }
  const lines: number[] = [];
  try {
    for await (const rows of checkImport(pieces(), format)) lines.push(...rows.map(({ line }) => line));
  } catch (error) {
    assert.ok(error instanceof ProblemError);
    assert.equal(error.code, 'import_invalid');
    return { lines, errors: error.errors, errorCount: error.errorCount };
  }
  return { lines, errors: [], errorCount: 0 };
}
const utf8 = (text: string) => new TextEncoder().encode(text);
const badRows = (count: number) => 'a,2048,x\n'.repeat(count);

describe('a file that is checked', () => {
  test('gives its good rows as they come, and is refused at its end for the others', async () => {
    const { lines, errors, errorCount } = await check([utf8(`${header}a,1,1\nb,2,1\nc,1,1\n`)]);
    assert.deepEqual(lines, [2, 4]);
    assert.deepEqual([errors[0]?.line, errors[0]?.code, errorCount], [3, 'product_type_unknown', 1]);
  });

  for (const count of [importErrorsNamedMax - 1, importErrorsNamedMax, importErrorsNamedMax + 1, 1000]) {
    test(`with ${count} bad lines names the first ${importErrorsNamedMax} at most and counts all`, async () => {
      const { errors, errorCount } = await check([utf8(header + badRows(count))]);
      assert.equal(errorCount, count);
      assert.deepEqual(
        errors.map(({ line }) => line),
        Array.from({ length: Math.min(count, importErrorsNamedMax) }, (_, index) => index + 2),
      );
    });
  }

  test('is named no more errors than that where the last line has several', async () => {
    const { errors, errorCount } = await check([
      utf8(`${header}${badRows(importErrorsNamedMax - 1)}-,3,x\n`),
    ]);
    assert.deepEqual([errors.length, errorCount], [importErrorsNamedMax, importErrorsNamedMax + 2]);
  });
});

describe('the bytes of a file', () => {
  const text = `\ufeff${header.trim()},organization\na,2048,1,"\u{1F950} Bäcker"\n`;
  test('may be cut anywhere, also within a character and the byte order mark', async () => {
    const bytes = utf8(text);
    for (let at = 0; at <= bytes.length; at++) {
      assert.deepEqual((await check([bytes.subarray(0, at), bytes.subarray(at)])).lines, [2], `cut at ${at}`);
    }
  });

  for (const format of ['csv', 'ndjson'] as const) {
    for (const [what, bytes] of [
      ['are Latin-1', Buffer.from('Bäcker\n', 'latin1')],
      ['are UTF-16', Buffer.from('\ufeffcustomerId\n', 'utf16le')],
      ['end within a character', utf8('\u{1F950}').subarray(0, 3)],
      ['spell a character in more bytes than it takes', Uint8Array.of(0xc0, 0xaf)],
      ['spell half of a surrogate pair', Uint8Array.of(0xed, 0xa0, 0x80)],
    ] as const) {
      test(`that ${what} refuse ${format}, however much of it was good`, async () => {
        const good =
          format === 'csv' ? `${header}a,2048,1\n` : '{"customerId":"a","productType":1,"seats":1}\n';
        const { errors } = await check([utf8(good), bytes], format);
        assert.equal(errors.at(-1)?.code, 'row_malformed');
      });
    }
  }

  test('that are none are a file without rows in NDJSON and one without a header in CSV', async () => {
    assert.deepEqual((await check([], 'ndjson')).errors, []);
    assert.deepEqual(
      (await check([], 'csv')).errors.map(({ code }) => code),
      ['column_missing', 'column_missing', 'column_missing'],
    );
  });

  test('whose reading fails fail the check as they did', async () => {
    const failure = new Error('the disk is gone');
    async function* failing() {
      yield utf8(header);
      throw failure;
    }
    for (const format of ['csv', 'ndjson'] as const) {
      await assert.rejects(Array.fromAsync(checkImport(failing(), format)), failure);
    }
  });
});

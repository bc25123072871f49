import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type ImportColumn, importColumns, requiredImportColumns } from '@seatledger/contract';
import fc from 'fast-check';
import { runs } from '../../testing/campaign.ts';
import { csvFields } from './csvFields.ts';
import type { FieldsOfRow } from './fields.ts';

const header = 'customerId,productType,seats,source';

async function rowsOf(text: string, pieceLength = text.length + 1): Promise<readonly FieldsOfRow[]> {
  // Whoever decodes text gives whole characters.
  const characters = Array.from(text);
  async function* pieces() {
    for (let at = 0; at < characters.length; at += pieceLength)
      yield characters.slice(at, at + pieceLength).join('');
  }
  return (await Array.fromAsync(csvFields(pieces()))).flat();
}
/** Rows as `line {fields}` or `line field code`. */
async function read(text: string, pieceLength?: number): Promise<readonly string[]> {
  return (await rowsOf(text, pieceLength)).flatMap((row) =>
    'fields' in row
      ? [`${row.line} ${JSON.stringify(row.fields)}`]
      : row.problems.map(({ line, field, code }) => `${line} ${field} ${code}`),
  );
}
const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`;

describe('a header', () => {
  test('names its columns in any order and any letters, all of them or those that are required', async () => {
    const columns = fc
      .subarray(importColumns.filter((column) => !requiredImportColumns.some((one) => one === column)))
      .map((optional) => [...requiredImportColumns, ...optional])
      .chain((some) => fc.shuffledSubarray(some, { minLength: some.length }));
    await fc.assert(
      fc.asyncProperty(columns, fc.boolean(), async (some, isUpper) => {
        const names = some.join(',');
        const [row, ...others] = await rowsOf(
          `${isUpper ? names.toUpperCase() : names}\n${some.map((column) => `of ${column}`).join(',')}\n`,
        );
        assert.deepEqual(others, []);
        assert.ok(row !== undefined && 'fields' in row);
        assert.deepEqual(row.fields, Object.fromEntries(some.map((column) => [column, `of ${column}`])));
      }),
    );
  });

  for (const [what, text, problems] of [
    [
      'lacks what is required',
      'seats,source\n1,a\n',
      ['1 customerId column_missing', '1 productType column_missing'],
    ],
    ['has a column that there is not', `${header},extra\n`, ['1 extra column_unknown']],
    ['has a column without a name', `${header},\n`, ['1  column_unknown']],
    ['has a column twice, in other letters', `${header},SOURCE\n`, ['1 source column_unknown']],
    [
      'is separated by semicolons',
      'customerId;productType;seats\na;1;1\n',
      [
        '1 customerId;productType;seats column_unknown',
        ...requiredImportColumns.map((column) => `1 ${column} column_missing`),
      ],
    ],
    ['is not there', '', requiredImportColumns.map((column) => `1 ${column} column_missing`)],
    ['is blank', ' \r\n\r\n', requiredImportColumns.map((column) => `1 ${column} column_missing`)],
  ] as const) {
    test(`that ${what} is named as such, once for each column, and no row is read`, async () => {
      assert.deepEqual(await read(text), problems);
    });
  }

  test('that has a very long name is told with the beginning of it', async () => {
    const [problem] = await read(`${header},${'x'.repeat(1000)}\n`);
    assert.equal(problem, `1 ${'x'.repeat(64)} column_unknown`);
  });
});

describe('a row', () => {
  test('has the fields that are not empty, without the blanks around them', async () => {
    assert.deepEqual(await read(`${header}\n a , 2048 ,\t1 ,\n`), [
      '2 {"customerId":"a","productType":"2048","seats":"1"}',
    ]);
  });

  test('keeps what is in quotes as it is', async () => {
    assert.deepEqual(await read(`${header}\na,1,1," x, ""y"" "\n`), [
      '2 {"customerId":"a","productType":"1","seats":"1","source":" x, \\"y\\" "}',
    ]);
  });

  for (const [what, text, problems] of [
    ['has too many fields', `${header}\na,1,1,x,y\n`, ['2 row row_malformed']],
    ['has too few fields', `${header}\na,1,1\n`, ['2 row row_malformed']],
    ['has text after a quote', `${header}\na,1,1,"x"y\n`, ['2 row row_malformed']],
    ['has a quote in a text', `${header}\na,1,1,x"y\n`, ['2 row row_malformed']],
    ['does not end its quotes', `${header}\n\na,1,1,"x\nb,1,1,y\n\n\n`, ['3 row row_malformed']],
    ['is too long', `${header}\n\n\na,1,1,${'x'.repeat(65_537)}\n`, ['4 row row_malformed']],
    ['is too long in its quotes', `${header}\na,1,1,"${'x\n'.repeat(32_769)}`, ['2 row row_malformed']],
  ] as const) {
    test(`that ${what} is named by the line that it begins on`, async () => {
      assert.deepEqual(await read(text), problems);
    });
  }

  test('that cannot be told from the next ends the file', async () => {
    assert.deepEqual(await read(`${header}\na,1,1,\nb,1,1,"x"y\nc,1,1,\n`), [
      '2 {"customerId":"a","productType":"1","seats":"1"}',
      '3 row row_malformed',
    ]);
  });

  test('with too many or too few fields does not end the file', async () => {
    assert.equal((await read(`${header}\na\nb,1,1,\n`)).length, 2);
  });
});

describe('any file', () => {
  const lineBreak = fc.constantFrom('\n', '\r\n', '\r');
  const cell = fc
    .array(fc.constantFrom('a', '1', ',', '"', ' ', 'é', '\u{1F4B6}', '\n', '\r\n', '\r'), { maxLength: 6 })
    .map((parts) => parts.join(''));
  const row = fc.array(cell, { minLength: 4, maxLength: 4 });

  test('is read as it was written, however it breaks its lines and wherever it is cut, with the line that each row begins on', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ row, blankLines: fc.nat(2), lineBreak }), { maxLength: 8 }),
        fc.integer({ min: 1, max: 20 }),
        async (written, pieceLength) => {
          let text = `${header}\n`;
          const expected: string[] = [];
          for (const { row: cells, blankLines, lineBreak: end } of written) {
            text += end.repeat(blankLines);
            const line = text.split(/\r\n|\r|\n/).length;
            text += `${cells.map(quoted).join(',')}${end}`;
            const columns: readonly ImportColumn[] = ['customerId', 'productType', 'seats', 'source'];
            const fields = columns.flatMap((column, index) => {
              const value = cells[index]?.replaceAll(/\r\n?/g, '\n') ?? '';
              return value === '' ? [] : [[column, value]];
            });
            expected.push(`${line} ${JSON.stringify(Object.fromEntries(fields))}`);
          }
          assert.deepEqual(await read(text, pieceLength), expected);
        },
      ),
      { numRuns: runs(300) },
    );
  });
});

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { importColumns } from '@seatledger/contract';
import fc from 'fast-check';
import { ndjsonFields } from './ndjsonFields.ts';

/** Rows as `line {fields}` or `line field code`. */
async function read(text: string, pieceLength = Number.POSITIVE_INFINITY): Promise<readonly string[]> {
  async function* pieces() {
    for (let at = 0; at < text.length; at += pieceLength) yield text.slice(at, at + pieceLength);
  }
  return (await Array.fromAsync(ndjsonFields(pieces())))
    .flat()
    .flatMap((row) =>
      'fields' in row
        ? [`${row.line} ${JSON.stringify(row.fields)}`]
        : row.problems.map(({ line, field, code }) => `${line} ${field} ${code}`),
    );
}

describe('a line of NDJSON', () => {
  for (const [what, text, rows] of [
    ['has its members as texts', '{"customerId":"a","seats":25}', ['1 {"customerId":"a","seats":"25"}']],
    ['may end in CRLF', '{"seats":1}\r\n{"seats":2}\r\n', ['1 {"seats":"1"}', '2 {"seats":"2"}']],
    ['may lack its end', '{"seats":1}\n{"seats":2}', ['1 {"seats":"1"}', '2 {"seats":"2"}']],
    ['is counted where it is blank', '\n\n \n{"seats":1}\n\n', ['4 {"seats":"1"}']],
    ['leaves out what is null or empty', '{"seats":0,"source":null,"resource":""}', ['1 {"seats":"0"}']],
    [
      'may write a whole number in any way',
      '{"seats":1e3,"productType":2048.0}',
      ['1 {"seats":"1000","productType":"2048"}'],
    ],
    ['may say nothing', '{}', ['1 {}']],
  ] as const) {
    test(what, async () => {
      assert.deepEqual(await read(text), rows);
    });
  }

  for (const [what, text, problems] of [
    ['is no JSON', 'a\n{"seats":1}', ['1 row row_malformed', '2 {"seats":"1"}']],
    ['is cut', '{"seats":\n1}', ['1 row row_malformed', '2 row row_malformed']],
    ['holds two objects', '{} {}', ['1 row row_malformed']],
    ['is a list', '[]', ['1 row row_malformed']],
    ['is null', 'null', ['1 row row_malformed']],
    ['is a number', '1', ['1 row row_malformed']],
    ['has a member that there is not', '{"colour":1,"seats":1}', ['1 colour column_unknown']],
    ['has a member in other letters', '{"Seats":1}', ['1 Seats column_unknown']],
    [
      'has a member that names a prototype',
      '{"__proto__":1,"constructor":1}',
      ['1 __proto__ column_unknown', '1 constructor column_unknown'],
    ],
    [
      'has a list, an object or a truth value',
      '{"seats":[1],"source":{},"resource":true}',
      ['1 seats value_invalid', '1 source value_invalid', '1 resource value_invalid'],
    ],
    ['has a number that is not whole', '{"seats":1.5}', ['1 seats value_invalid']],
    [
      'has a number that JSON readers round',
      '{"customerId":12345678901234567890}',
      ['1 customerId value_invalid'],
    ],
    ['has a number beyond all', '{"seats":1e999}', ['1 seats value_invalid']],
    [
      'is too long',
      `{"seats":"${'1'.repeat(65_536)}"}\n{"seats":1}`,
      ['1 row row_malformed', '2 {"seats":"1"}'],
    ],
    [
      'is too long and the last',
      `{"seats":1}\n${' '.repeat(65_537)}`,
      ['1 {"seats":"1"}', '2 row row_malformed'],
    ],
  ] as const) {
    test(`that ${what} is refused, and the next is read`, async () => {
      assert.deepEqual(await read(text), problems);
      assert.deepEqual(await read(text, 1000), problems);
    });
  }
});

describe('any file of NDJSON', () => {
  const value = fc.oneof(
    fc.string({ minLength: 1, unit: 'grapheme' }),
    fc.maxSafeInteger().filter((number) => !Object.is(number, -0)),
  );
  const row = fc
    .subarray([...importColumns])
    .chain((columns) =>
      fc
        .tuple(...columns.map(() => value))
        .map((values) => columns.map((column, index) => [column, values[index]] as const)),
    );

  test('is read as it was written, wherever it is cut', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 6 }),
        fc.integer({ min: 1, max: 20 }),
        async (rows, pieceLength) => {
          const text = rows.map((fields) => `${JSON.stringify(Object.fromEntries(fields))}\n`).join('');
          assert.deepEqual(
            await read(text, pieceLength),
            rows.map((fields, index) => {
              const texts = fields.map(([column, of]) => [column, String(of)]);
              return `${index + 1} ${JSON.stringify(Object.fromEntries(texts))}`;
            }),
          );
        },
      ),
    );
  });
});

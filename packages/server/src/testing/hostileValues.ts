/** Values made from the schemas of the document: those that they allow, those that are nearly so, and what nobody should send. */

import fc from 'fast-check';
import type { DocumentedSchema } from './documented.ts';

type Values = fc.Arbitrary<unknown>;

/** Texts that mean something somewhere in the API. */
const plausibleTexts = [
  ['contoso', 'fabrikam', 'nobody', '2048', '1', 'Office365Backup', 'default', 'all', '*', '"1"'],
  ['2026-01-01', '2026-01-01T00:00:00Z', '2026-02-30', '9999-12-31T23:59:59.999+14:00', 'true', 'null'],
  ['ada@contoso.example', 'customer_not_found', '00000000-0000-4000-8000-000000000000'],
].flat();

const hostileTexts = [
  [
    '',
    ' ',
    '\t',
    '\u0000',
    '\u001b[2J',
    '\u0085',
    '\u00a0',
    '\u200b',
    '\u202e',
    '\ufeff',
    '\ufffe',
    '\ud800',
  ],
  ['\u{1f4b6}', '\u0130', '\u212a', 'e\u0301'.repeat(50), '\u{1d54f}'.repeat(200), 'ﷺ'.repeat(40)],
  ['-1', '+1', '01', '0x10', '1e309', '1.5', 'NaN', 'Infinity', '9007199254740993', '99999999999999999999'],
  [
    '.',
    '..',
    '../../etc/passwd',
    '%',
    '%00',
    '%ff',
    '%2f',
    '%zz',
    ';',
    ',',
    '"',
    "'",
    '\\',
    '|',
    '$',
    '{}',
    '[]',
  ],
  ["' or 1=1 --", '%_', '<script>', '=cmd()', '__proto__', 'constructor', 'toString', 'hasOwnProperty'],
  ['a'.repeat(65), 'a'.repeat(257), 'a'.repeat(5000)],
].flat();

const hostileScalars = [null, true, false, 0, -0, -1, 1.5, 2 ** 31, 2 ** 53, -(2 ** 53), 1e308, 5e-324];

export const hostileText: fc.Arbitrary<string> = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.constantFrom(...plausibleTexts),
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.string({ maxLength: 300 }),
);

const hostileValue: Values = fc.oneof(
  hostileText,
  fc.constantFrom(...hostileScalars),
  fc.jsonValue({ maxDepth: 2 }),
  fc.constant({ ['__proto__']: { polluted: true } }),
  fc.constantFrom([], {}, [[]], [null], { length: 1e9 }),
);

/** Of the schema. */
export function valueOf(schema: DocumentedSchema): Values {
  const { anyOf, examples, enum: listed, type } = schema;
  if ('const' in schema) return fc.constant(schema.const);
  if (listed !== undefined) return fc.constantFrom(...listed);
  if (anyOf !== undefined) return fc.oneof(...anyOf.map(valueOf));
  const types = typeof type === 'string' ? [type] : (type ?? []);
  const made = types.length === 0 ? hostileValue : fc.oneof(...types.map((one) => valueOfType(one, schema)));
  return examples === undefined ? made : fc.oneof(fc.constantFrom(...examples), made);
}

function valueOfType(type: string, schema: DocumentedSchema): Values {
  switch (type) {
    case 'string':
      return textOf(schema);
    case 'integer':
      return fc.maxSafeInteger().map((value) => within(value, schema));
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => within(value, schema));
    case 'boolean':
      return fc.boolean();
    case 'array':
      return arrayOf(schema);
    case 'object':
      return objectOf(schema);
    default:
      return fc.constant(null);
  }
}

function within(value: number, { minimum, maximum }: DocumentedSchema): number {
  const least = minimum ?? Number.MIN_SAFE_INTEGER;
  const most = maximum ?? Number.MAX_SAFE_INTEGER;
  if (value >= least && value <= most) return value;
  return [least, most, Math.min(least + 1, most)][Math.abs(Math.trunc(value)) % 3] ?? least;
}

function textOf({ pattern, minLength = 0, maxLength = 300 }: DocumentedSchema): Values {
  const texts = pattern === undefined ? undefined : fc.stringMatching(new RegExp(pattern));
  const known = plausibleTexts.filter(
    (text) =>
      text.length >= minLength &&
      text.length <= maxLength &&
      (pattern === undefined || new RegExp(pattern).test(text)),
  );
  const made = texts ?? fc.string({ unit: 'grapheme', minLength, maxLength: Math.min(maxLength, 400) });
  return known.length === 0 ? made : fc.oneof(fc.constantFrom(...known), made);
}

function arrayOf({
  items = {},
  minItems = 0,
  maxItems = minItems + 4,
  uniqueItems,
}: DocumentedSchema): Values {
  const size = { minLength: minItems, maxLength: Math.min(maxItems, minItems + 4) };
  return uniqueItems
    ? fc.uniqueArray(valueOf(items), { ...size, selector: (item) => JSON.stringify(item) })
    : fc.array(valueOf(items), size);
}

function objectOf({ properties = {}, required = [] }: DocumentedSchema): Values {
  const members = Object.fromEntries(Object.entries(properties).map(([name, one]) => [name, valueOf(one)]));
  return fc.record(members, { requiredKeys: [...required] });
}

/** A value of the schema with one place of it changed, removed or added. */
export function nearlyValueOf(schema: DocumentedSchema): Values {
  const how = fc.constantFrom('replace', 'remove', 'add');
  return fc
    .tuple(valueOf(schema), fc.nat({ max: 20 }), how, hostileText, hostileValue)
    .map(([value, place, change, name, hostile]) => {
      const copy: unknown = structuredClone(value);
      const places = placesIn(copy);
      const at = places[place % Math.max(places.length, 1)];
      if (at === undefined) return hostile;
      if (change === 'remove') Reflect.deleteProperty(at.holder, at.key);
      else Object.defineProperty(at.holder, change === 'add' ? name : at.key, { ...open, value: hostile });
      return copy;
    });
}

const open = { configurable: true, enumerable: true, writable: true };

/** Every member of every object and array in the value. */
function placesIn(value: unknown): readonly { holder: object; key: string }[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => [{ holder: value, key }, ...placesIn(member)]);
}

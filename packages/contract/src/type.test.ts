import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Type as TypeBox } from 'typebox';
import { Type } from './type.ts';

/** One schema of everything that there is to make one of. */
function everyKind(the: typeof Type): object {
  const optional = the.Optional(the.Object({ some: the.Optional(the.Null()) }, { title: 'Inner' }));
  return the.Object(
    {
      array: the.Array(the.Integer({ minimum: 0 }), { maxItems: 2 }),
      boolean: the.Boolean({ default: false }),
      enum: the.Enum(['a', 1], { description: 'one of these' }),
      literals: the.Union([the.Literal('all'), the.Literal(2), the.Literal(true)], { title: 'Literals' }),
      number: the.Number({ exclusiveMinimum: 0 }),
      optional,
      text: the.String({ type: ['string', 'null'], maxLength: 3 }),
      unsafe: the.Unsafe<string | null>({ type: ['string', 'null'] }),
      bare: the.Union([the.Array(the.Boolean()), the.Enum([1]), the.Number(), the.Object({})]),
    },
    { additionalProperties: false },
  );
}

test('schemas are those that TypeBox makes, members and their order included', () => {
  assert.equal(JSON.stringify(everyKind(Type)), JSON.stringify(everyKind(TypeBox)));
});

test('what is optional stays it where it was made so, and nowhere else', () => {
  const text = Type.String();
  const both = (the: typeof Type) => the.Object({ some: the.Optional(text), all: text });
  assert.deepEqual(both(Type).required, ['all']);
  assert.equal(JSON.stringify(both(Type)), JSON.stringify(both(TypeBox)));
});

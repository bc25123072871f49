/**
 * What schemas are made with: plain JSON Schema, with the types of TypeBox, so that what is described is a TypeScript type too.
 *
 * They are what TypeBox itself makes, but for what it keeps in them for other work of its own. Its 373 files are not loaded for that: a start of
 * the server read them twice, once for the thread that writes.
 */

import type { Type as TypeBox } from 'typebox';

export type { Static, TObject, TOptional, TProperties, TSchema } from 'typebox';

type Schema = Readonly<Record<string, unknown>>;

const optional = new WeakSet<Schema>();

const constructors = {
  Array: (items: Schema, options?: Schema) => ({ type: 'array', items, ...options }),
  Boolean: (options?: Schema) => ({ type: 'boolean', ...options }),
  Enum: (values: readonly unknown[], options?: Schema) => ({ enum: values, ...options }),
  Integer: (options?: Schema) => ({ type: 'integer', ...options }),
  Literal: (value: unknown, options?: Schema) => ({ type: typeof value, const: value, ...options }),
  Null: (options?: Schema) => ({ type: 'null', ...options }),
  Number: (options?: Schema) => ({ type: 'number', ...options }),
  Object(properties: Readonly<Record<string, Schema>>, options?: Schema) {
    const required = Object.keys(properties).filter((name) => !optional.has(properties[name] ?? {}));
    return { type: 'object', ...(required.length > 0 ? { required } : {}), properties, ...options };
  },
  /** Of a property: the object need not have it. */
  Optional(schema: Schema) {
    const copy = { ...schema };
    optional.add(copy);
    return copy;
  },
  String: (options?: Schema) => ({ type: 'string', ...options }),
  Union: (anyOf: readonly Schema[], options?: Schema) => ({ anyOf, ...options }),
  /** The type is the one that is named. */
  Unsafe: (schema: Schema) => ({ ...schema }),
};

// The check behind this is the test: each gives what TypeBox's own gives.
export const Type = constructors as unknown as Pick<typeof TypeBox, keyof typeof constructors>;

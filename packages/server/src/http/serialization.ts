/** Compiled serialisers of answers. */

import { SerializerSelector } from '@fastify/fast-json-stringify-compiler';
import type { FastifySerializerCompiler } from 'fastify';

type Serialize = (value: unknown) => string;

const compile = SerializerSelector()();

/** Compiled for the first answer that needs it, as checks are: a start does not wait for what is not asked for. */
export const compileSerializer: FastifySerializerCompiler<object> = (route) => {
  let serialize: Serialize | undefined;
  return (value: unknown) => {
    serialize ??= compile({ httpStatus: '', ...route });
    return serialize(value);
  };
};

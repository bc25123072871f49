/** The valid requests that the document of a server gives examples of, with what they name taken from a prepared world. */

import assert from 'node:assert/strict';
import { type DocumentedOperation, type DocumentedParameter, mediaTypeOf } from './documented.ts';
import type { World } from './preparedWorld.ts';

export interface ExampleRequest {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

const formType = 'application/x-www-form-urlencoded';

/** One for each example of each media type of the body, and one for each media type of the answer. */
export function exampleRequests(operation: DocumentedOperation, world: World): readonly ExampleRequest[] {
  const { method, requestBody, responses } = operation;
  const path = `${pathOf(operation, world)}${queryOf(operation)}`;
  const common = Object.fromEntries(given(operation, 'header'));
  const bodies = Object.entries(requestBody?.content ?? {}).flatMap(([mediaType, { schema }]) => {
    assert.ok(schema.examples?.length, `${operation.operationId} has an example of its ${mediaType}`);
    return schema.examples.map((example) => ({
      headers: { 'content-type': mediaType },
      body: textOf(example, mediaType, world),
    }));
  });
  const answers = Object.entries(responses)
    .filter(([status]) => status.startsWith('2'))
    .flatMap(([, { content = {} }]) => Object.keys(content));
  const accepted =
    answers.length > 1 ? answers.map((type) => ({ headers: { accept: mediaTypeOf(type) } })) : [{}];
  const variants: readonly Partial<ExampleRequest>[] = bodies.length > 0 ? bodies : accepted;
  return variants.map((variant) => ({
    method,
    path,
    ...variant,
    headers: { ...common, ...variant.headers },
  }));
}

/** The path with values of the world, encoded. */
function pathOf({ path, parameters }: DocumentedOperation, world: World): string {
  return path.replaceAll(/\{(\w+)\}/g, (_, name: string) => {
    const schema = parameters.find((parameter) => parameter.in === 'path' && parameter.name === name)?.schema;
    return encodeURIComponent(
      world[name] ?? exampleOf(schema ?? {}, `the prepared world, or the schema of ${name},`),
    );
  });
}

function queryOf(operation: DocumentedOperation): string {
  const query = new URLSearchParams(given(operation, 'query'));
  return query.size === 0 ? '' : `?${query.toString()}`;
}

/** What is required, and what there are examples of. */
function given(
  { operationId, parameters }: DocumentedOperation,
  place: 'header' | 'query',
): [string, string][] {
  return parameters
    .filter(
      ({ in: where, required, schema }) => where === place && (required || schema.examples !== undefined),
    )
    .map(({ name, schema }): [string, string] => [name, exampleOf(schema, `${operationId} ${name}`)]);
}

function exampleOf({ examples, enum: values }: DocumentedParameter['schema'], what: string): string {
  const value = examples?.[0] ?? values?.[0];
  assert.ok(value !== undefined, `${what} has an example`);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** The body as it is sent. A form names an app and a token, which are those of the world. */
function textOf(example: unknown, mediaType: string, world: World): string {
  if (typeof example === 'string') return example;
  if (mediaType !== formType) return JSON.stringify(example);
  const fields = Object.entries(example as Record<string, string>);
  return new URLSearchParams(fields.map(([name, value]) => [name, world[name] ?? value])).toString();
}

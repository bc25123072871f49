/** The OpenAPI document of a running server, and whether what it answers is what the document says. */

import assert from 'node:assert/strict';
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js';

/** A schema as the document has it: what tests look at of it. */
export interface DocumentedSchema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly DocumentedSchema[];
  readonly examples?: readonly unknown[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: DocumentedSchema;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly uniqueItems?: boolean;
  readonly properties?: Readonly<Record<string, DocumentedSchema>>;
  readonly required?: readonly string[];
  readonly minProperties?: number;
  readonly maxProperties?: number;
}

interface DocumentedContent {
  readonly schema: DocumentedSchema;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

export interface DocumentedParameter {
  readonly name: string;
  readonly in: 'header' | 'path' | 'query';
  readonly required: boolean;
  readonly schema: DocumentedSchema;
}

export interface DocumentedOperation {
  readonly method: string;
  readonly path: string;
  readonly operationId: string;
  readonly summary: string;
  readonly security: readonly { readonly app: readonly string[] }[];
  readonly parameters: readonly DocumentedParameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, DocumentedContent>> };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly headers?: Readonly<Record<string, unknown>>;
        readonly content?: Readonly<Record<string, DocumentedContent>>;
      }
    >
  >;
}

/** An answer with all of its body. */
export interface ReadAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: string;
}

export interface Documented {
  /** As it was served. */
  readonly document: {
    readonly servers: readonly { readonly url: string }[];
    readonly components: object;
  };
  readonly operations: readonly DocumentedOperation[];
  /** Fails unless the value is what the schema says; its references are those of the document. */
  readonly assertValid: (schema: DocumentedSchema, value: unknown, what: string) => void;
  /** Fails unless the document names the status for the operation, and the content type and the body for the status. */
  readonly assertPromised: (operation: DocumentedOperation, answer: ReadAnswer) => void;
}

export async function readDocument(url: string): Promise<Documented> {
  const document = (await (await fetch(`${url}/openapi.json`)).json()) as Documented['document'] & {
    readonly paths: Readonly<
      Record<string, Readonly<Record<string, Omit<DocumentedOperation, 'method' | 'path'>>>>
    >;
  };
  const ajv = new Ajv2020({ strict: false, validateFormats: false });
  const compiled = new Map<object, ValidateFunction>();

  function assertValid(schema: DocumentedSchema, value: unknown, what: string): void {
    const validate = compiled.get(schema) ?? ajv.compile({ ...schema, components: document.components });
    compiled.set(schema, validate);
    assert.equal(validate(value), true, `${what}: ${ajv.errorsText(validate.errors)}`);
  }

  return {
    document,
    operations: Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, operation]) => ({
        ...operation,
        method: method.toUpperCase(),
        path,
      })),
    ),
    assertValid,
    assertPromised({ operationId, responses }, { status, headers, body }) {
      const what = `${operationId} ${status}`;
      const response = responses[status];
      assert.ok(response, `${what} is not promised: ${body.slice(0, 500)}`);
      if (response.content === undefined) {
        assert.equal(body, '', what);
        return;
      }
      const type = headers.get('content-type') ?? '';
      const content = response.content[type] ?? response.content[mediaTypeOf(type)];
      assert.ok(content, `${what} of the content type ${type} is not promised`);
      for (const value of valuesIn(body, mediaTypeOf(type))) assertValid(content.schema, value, what);
    },
  };
}

function valuesIn(body: string, mediaType: string): readonly unknown[] {
  if (mediaType.endsWith('json') && mediaType !== 'application/x-ndjson') return [JSON.parse(body)];
  if (mediaType !== 'application/x-ndjson') return [body];
  return body
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}

/** Of a stream that does not end, what comes first; then it is left. */
export async function readAnswer({ status, headers, body }: Response): Promise<ReadAnswer> {
  const isEndless = mediaTypeOf(headers.get('content-type') ?? '') === 'text/event-stream';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (isEndless) break;
  }
  return { status, headers, body: text };
}

/** A content type without its parameters. */
export function mediaTypeOf(contentType: string): string {
  return (contentType.split(';')[0] ?? '').trim();
}

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { openApiDocument } from './openapi.ts';
import { type Operation, problemsOf } from './operation.ts';
import { operations } from './operations/index.ts';
import { permissions } from './permissions.ts';
import { type ProblemCode, problems } from './problems.ts';
import { revisions } from './revisions.ts';

interface Documented {
  readonly operationId: string;
  readonly tags: readonly string[];
  readonly security: readonly { readonly app: readonly string[] }[];
  readonly parameters: readonly {
    readonly name: string;
    readonly in: string;
    readonly required: boolean;
    readonly schema: { readonly enum?: readonly unknown[] };
  }[];
  readonly requestBody?: { readonly required: boolean; readonly content: Readonly<Record<string, unknown>> };
  readonly responses: Readonly<
    Record<
      string,
      {
        readonly headers?: object;
        readonly content?: Readonly<
          Record<string, { readonly examples?: Readonly<Record<string, { readonly value: unknown }>> }>
        >;
      }
    >
  >;
}
interface Document {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly servers: readonly { readonly url: string }[];
  readonly tags: readonly { readonly name: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Documented>>>>;
  readonly components: {
    readonly securitySchemes: {
      readonly app: {
        readonly flows: {
          readonly clientCredentials: { readonly tokenUrl: string; readonly scopes: object };
        };
      };
    };
  };
}

const publicUrl = 'https://seats.example.com';
// What is served is the document as JSON, so that is what is looked at.
const document = JSON.parse(JSON.stringify(openApiDocument({ publicUrl, version: '1.2.3' }))) as Document;
const all = Object.values<Operation>(operations);

function documented({ path, method }: Operation): Documented {
  const found = document.paths[path]?.[method.toLowerCase()];
  assert.ok(found);
  return found;
}
const problemExamples = (operation: Operation, status: number) =>
  documented(operation).responses[status]?.content?.['application/problem+json']?.examples ?? {};

describe('the OpenAPI document', () => {
  test('is of version 3.1 and says what it was told of the server', () => {
    assert.match(document.openapi, /^3\.1\./);
    assert.equal(document.info.version, '1.2.3');
    assert.deepEqual(document.servers, [{ url: publicUrl }]);
    const { tokenUrl, scopes } = document.components.securitySchemes.app.flows.clientCredentials;
    assert.equal(tokenUrl, `${publicUrl}/connect/token`);
    assert.deepEqual(Object.keys(scopes), permissions);
  });

  test('has every operation once, by its key, and nothing else', () => {
    const ids = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    );
    assert.deepEqual(ids.toSorted(), Object.keys(operations).toSorted());
    for (const [key, { id }] of Object.entries(operations)) assert.equal(id, key);
  });

  test('has the paths apart, whatever their case', () => {
    const paths = Object.keys(document.paths).map((path) => path.toLowerCase());
    assert.equal(new Set(paths).size, paths.length);
  });

  test('refers to nothing that it does not have', () => {
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)];
    assert.notEqual(references.length, 0);
    for (const [, pointer = ''] of references) {
      let target: unknown = document;
      for (const name of pointer.split('/')) target = (target as Record<string, unknown> | undefined)?.[name];
      assert.notEqual(target, undefined, pointer);
    }
  });
});

for (const operation of all) {
  describe(`the operation ${operation.id}`, () => {
    const { path, permission, tag } = operation;

    test('is documented with the permission that it needs, or with none', () => {
      assert.deepEqual(
        documented(operation).security,
        permission === undefined ? [] : [{ app: [permission] }],
      );
    });

    test('has a tag that the document lists', () => {
      assert.deepEqual(documented(operation).tags, [tag]);
      assert.ok(document.tags.some(({ name }) => name === tag));
    });

    test('declares the parameters of its path, all of them and required, and no others', () => {
      const inTemplate = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
      const declared = documented(operation).parameters.filter((parameter) => parameter.in === 'path');
      assert.deepEqual(
        declared.map(({ name }) => name),
        inTemplate,
      );
      for (const { name, required } of declared) assert.equal(required, true, name);
    });

    test('promises its success and every problem that it can answer with, with an example for each', () => {
      const expected = new Set([
        operation.answer.status,
        ...(operation.oauthErrors ? [400, 401, 429] : []),
        ...(operation.answer.isConditional ? [304] : []),
      ]);
      for (const code of problemsOf(operation)) {
        const { status } = problems[code];
        expected.add(status);
        if (operation.oauthErrors && status === 400) continue;
        const example = problemExamples(operation, status)[code]?.value as { code: string; status: number };
        assert.deepEqual([example.code, example.status], [code, status]);
      }
      assert.deepEqual(
        Object.keys(documented(operation).responses),
        [...expected].toSorted((one, other) => one - other).map(String),
      );
    });

    test('can fail as every operation can, and as those can that need a permission or a body', () => {
      const can: readonly ProblemCode[] = [
        'request_malformed',
        'request_timeout',
        'uri_too_long',
        'headers_too_large',
        'internal_error',
        'store_unreachable',
        'overloaded',
        'server_stopping',
        ...(permission === undefined
          ? []
          : ([
              'token_missing',
              'token_invalid',
              'token_expired',
              'rate_limit_exceeded',
              'permission_missing',
              'rights_unverified',
            ] as const)),
        ...(operation.body === undefined || operation.oauthErrors
          ? []
          : (['body_too_large', 'content_type_unsupported', 'content_encoding_unsupported'] as const)),
      ];
      for (const code of can) assert.ok(problemsOf(operation).includes(code), code);
    });

    test('tells of the rate limit where it is for apps alone, and known which app asks', () => {
      const early = [
        'request_malformed',
        'request_timeout',
        'uri_too_long',
        'headers_too_large',
        'internal_error',
        'store_unreachable',
        'token_missing',
        'token_invalid',
        'token_expired',
        'rights_unverified',
        'overloaded',
        'server_stopping',
      ];
      for (const [status, { headers = {} }] of Object.entries(documented(operation).responses)) {
        const codes = Object.keys(problemExamples(operation, Number(status)));
        const isTold =
          permission !== undefined && !(codes.length > 0 && codes.every((code) => early.includes(code)));
        for (const name of ['RateLimit', 'RateLimit-Policy'])
          assert.equal(Object.hasOwn(headers, name), isTold, `${status} ${name}`);
      }
    });

    test('says when to try again where it is too early now', () => {
      for (const [status, { headers = {} }] of Object.entries(documented(operation).responses))
        assert.equal(Object.hasOwn(headers, 'Retry-After'), ['429', '503'].includes(status), status);
    });

    test('has examples of its answer, and none without content', () => {
      const content = documented(operation).responses[operation.answer.status]?.content;
      if (operation.answer.status === 204) assert.equal(content, undefined);
      else for (const { examples } of Object.values(content ?? {})) assert.notDeepEqual(examples ?? {}, {});
    });
  });
}

describe('the operations below /api/v1', () => {
  for (const operation of all.filter(({ path }) => path.startsWith('/api/v1/'))) {
    test(`say of ${operation.id} which query parameters there are, and refuse others`, () => {
      assert.equal(operation.tag, 'Management');
      assert.notEqual(operation.parameters?.query, undefined);
      assert.ok(operation.problems.includes('parameter_unknown'));
    });
  }
});

describe('the operations below /api/v1 that write', () => {
  const writing = all.filter(
    ({ id, path, method }) =>
      path.startsWith('/api/v1/') && method !== 'GET' && id !== operations.createBackup.id,
  );
  const headersOf = (operation: Operation) =>
    documented(operation)
      .parameters.filter((parameter) => parameter.in === 'header')
      .map(({ name }) => name);

  for (const operation of writing) {
    // An import is told in words that it can be sent again.
    const isImport = operation.id === operations.importLines.id;
    test(`can say why${isImport ? '' : ' and be sent again'}: ${operation.id}`, () => {
      assert.ok(headersOf(operation).includes('Change-Reason'));
      assert.equal(headersOf(operation).includes('Idempotency-Key'), !isImport);
      assert.equal(operation.problems.includes('idempotency_key_reused'), !isImport);
    });

    test(`need a version where they can find that it has changed, and else do not: ${operation.id}`, () => {
      const needsVersion = operation.problems.includes('version_changed');
      assert.equal(operation.problems.includes('version_required'), needsVersion);
      assert.equal(headersOf(operation).includes('If-Match'), needsVersion);
    });
  }

  test('tell the version of what they made or changed, and where it is once it is made', () => {
    for (const operation of writing) {
      const { changedSequence } = schemaOfAnswer(operation)?.properties ?? {};
      const headers = Object.keys(documented(operation).responses[operation.answer.status]?.headers ?? {});
      assert.equal(headers.includes('ETag'), changedSequence !== undefined, operation.id);
      if (operation.answer.status === 201 && changedSequence !== undefined)
        assert.ok(headers.includes('Location'), operation.id);
    }
  });

  function schemaOfAnswer({ answer }: Operation): { properties?: Record<string, unknown> } | undefined {
    const [content] = Object.values(answer.content ?? {});
    return content?.schema;
  }
});

describe('the operations below /partner', () => {
  for (const operation of all.filter(({ path }) => path.startsWith('/partner/'))) {
    test(`are spoken in any known revision: ${operation.id} takes Api-Version`, () => {
      assert.equal(operation.tag, 'Partner contract');
      const header = documented(operation).parameters.find((parameter) => parameter.in === 'header');
      assert.equal(header?.name, 'Api-Version');
      assert.equal(header.required, false);
      assert.deepEqual(header.schema.enum, revisions);
      assert.ok(operation.problems.includes('api_version_unknown'));
    });

    test(`have no query but that of pages: ${operation.id}`, () => {
      const isList = operation.path.endsWith('/batch');
      const inQuery = documented(operation).parameters.filter((parameter) => parameter.in === 'query');
      assert.deepEqual(
        inQuery.map(({ name, required }) => [name, required]),
        isList ? ['pageIndex', 'pageSize'].map((name) => [name, false]) : [],
      );
    });

    test(`need a body where they make something: ${operation.id}`, () => {
      const { requestBody } = documented(operation);
      const isList = operation.path.endsWith('/batch');
      assert.equal(requestBody?.required, operation.body === undefined ? undefined : !isList);
    });
  }

  test('hold the endpoint of the seed page with its permission', () => {
    const { method, path, permission } = operations.getCustomerUserSeats;
    assert.deepEqual(
      [method, path, permission],
      [
        'GET',
        '/partner/external/v3/general/customers/{customerId}/avpt-products/type/{productType}/overview',
        'elements.license.read.all',
      ],
    );
  });
});

/** The OpenAPI 3.1 document, built from the operations and the registry of problems. */

import type { TObject, TSchema } from './type.ts';
import { type Operation, problemsOf, tellsRateLimit } from './operation.ts';
import { operations } from './operations/index.ts';
import { tokenErrorAnswer } from './operations/tokens.ts';
import { permissions } from './permissions.ts';
import { type ProblemCode, problems } from './problems.ts';

const problemSchema = {
  type: 'object',
  title: 'Problem',
  description: 'RFC 9457 problem details.',
  required: ['type', 'title', 'status', 'detail', 'code', 'message', 'requestId'],
  properties: {
    type: {
      type: 'string',
      format: 'uri-reference',
      description: 'Where the problem is described, relative to the server.',
    },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What was wrong with this request.' },
    code: { type: 'string', enum: Object.keys(problems), description: 'Stable.' },
    message: {
      type: 'string',
      description: 'The same sentence as detail: clients of the partner API print this member.',
    },
    requestId: { type: 'string' },
    errors: {
      type: 'array',
      items: {
        type: 'object',
        required: ['field', 'code', 'message'],
        properties: {
          field: { type: 'string' },
          code: { type: 'string' },
          message: { type: 'string' },
          line: { type: 'integer', description: 'The line of an imported file, from 1.' },
        },
      },
    },
    errorCount: {
      type: 'integer',
      description: 'How many errors there are, where not all of them are named.',
    },
    numbers: {
      type: 'object',
      description: 'The numbers that decided, where a quantity was refused.',
      additionalProperties: { type: ['number', 'string'] },
    },
  },
} as const;

const tags: Readonly<Record<Operation['tag'], string>> = {
  'Partner contract': 'What the upstream partner API promises, answered here in its words.',
  Identity: 'Tokens: getting one, ending one, asking about one, and the keys to verify one with.',
  Management: 'Customers, lines, pools, assignments and apps of the partner, and the record of what changed.',
  Server: 'What the server says of itself.',
};

/** The document for a server at this public URL (an origin, without a slash at its end). */
export function openApiDocument({ publicUrl, version }: { publicUrl: string; version: string }): object {
  const paths: Record<string, Record<string, object>> = {};
  for (const operation of Object.values<Operation>(operations)) {
    paths[operation.path] = {
      ...paths[operation.path],
      [operation.method.toLowerCase()]: operationObject(operation),
    };
  }
  return {
    openapi: '3.1.1',
    info: {
      title: 'seatledger',
      version,
      summary: 'How many user seats does this customer have for this product?',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: publicUrl }],
    tags: Object.entries(tags).map(([name, description]) => ({ name, description })),
    paths,
    components: {
      securitySchemes: {
        app: {
          type: 'oauth2',
          flows: {
            clientCredentials: {
              tokenUrl: `${publicUrl}${operations.issueToken.path}`,
              scopes: Object.fromEntries(permissions.map((permission) => [permission, permission])),
            },
          },
        },
      },
      schemas: { Problem: problemSchema, TokenError: tokenErrorAnswer },
      headers: {
        'request-id': {
          description: 'Names this answer; a request-id, or an X-Request-Id, of the caller is kept.',
          schema: { type: 'string' },
        },
        RateLimit: {
          description:
            'How many requests the app can send at once now, as r, unless the server does not limit it; draft-ietf-httpapi-ratelimit-headers-11.',
          schema: { type: 'string', examples: ['"app";r=199;t=1'] },
        },
        'RateLimit-Policy': {
          description:
            'How many requests, as q, the app can send in so many seconds, as w; of the same draft.',
          schema: { type: 'string', examples: ['"app";q=200;w=2'] },
        },
        'Retry-After': {
          description: 'Whole seconds after which the request may be sent again.',
          schema: { type: 'integer', minimum: 1 },
        },
      },
    },
  };
}

function operationObject(operation: Operation): object {
  const { answer, permission } = operation;
  return {
    operationId: operation.id,
    tags: [operation.tag],
    summary: operation.summary,
    ...(operation.description === undefined ? {} : { description: operation.description }),
    security: permission === undefined ? [] : [{ app: [permission] }],
    parameters: parameterObjects(operation),
    ...(operation.body === undefined
      ? {}
      : { requestBody: { required: !operation.bodyIsOptional, content: mediaTypes(operation.body) } }),
    responses: {
      [answer.status]: {
        description: answer.description,
        headers: {
          ...headerReferences(['request-id', ...(permission === undefined ? [] : rateLimitHeaders)]),
          ...headerObjects(answer.headers ?? {}),
        },
        ...(answer.content === undefined ? {} : { content: answerContent(answer.content) }),
      },
      ...(answer.isConditional ? notModified(operation) : {}),
      ...(operation.oauthErrors ? oauthResponses : {}),
      ...problemResponses(operation),
    },
  };
}

const rateLimitHeaders = ['RateLimit', 'RateLimit-Policy'];

function headerReferences(names: readonly string[]): object {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}

const oauthFailure = {
  description: 'Refused: see error.',
  content: { 'application/json; charset=utf-8': { schema: { $ref: '#/components/schemas/TokenError' } } },
};
const oauthResponses = {
  400: oauthFailure,
  401: oauthFailure,
  429: {
    ...oauthFailure,
    description: 'Too many requests from this address failed to prove who they are.',
    headers: headerReferences(['request-id', 'Retry-After']),
  },
};

function notModified({ answer: { headers = {} }, permission }: Operation): object {
  return {
    304: {
      description: 'What If-None-Match names is what would be answered.',
      headers: {
        ...headerReferences(['request-id', ...(permission === undefined ? [] : rateLimitHeaders)]),
        ...headerObjects(headers),
      },
    },
  };
}

const ifNoneMatch = {
  name: 'If-None-Match',
  in: 'header',
  required: false,
  schema: { type: 'string', description: 'Entity tags of answers that the caller has, or *.' },
};

function parameterObjects({ parameters = {}, answer }: Operation): object[] {
  const declared = (['path', 'query', 'header'] as const).flatMap((place) => {
    const schema: TObject | undefined = parameters[place];
    if (schema === undefined) return [];
    const required: readonly string[] = schema.required ?? [];
    return Object.entries(schema.properties).map(([name, property]) => ({
      name,
      in: place,
      required: required.includes(name),
      schema: property,
    }));
  });
  return answer.isConditional ? [...declared, ifNoneMatch] : declared;
}

function mediaTypes(content: Readonly<Record<string, TSchema>>): object {
  return Object.fromEntries(Object.entries(content).map(([mediaType, schema]) => [mediaType, { schema }]));
}

function answerContent(content: NonNullable<Operation['answer']['content']>): object {
  return Object.fromEntries(
    Object.entries(content).map(([mediaType, { schema, examples }]) => [
      mediaType,
      {
        schema,
        examples: Object.fromEntries(Object.entries(examples).map(([name, value]) => [name, { value }])),
      },
    ]),
  );
}

function headerObjects(headers: Readonly<Record<string, string>>): object {
  return Object.fromEntries(
    Object.entries(headers).map(([name, description]) => [name, { description, schema: { type: 'string' } }]),
  );
}

/** One response a status, with an example for each code that has it. */
function problemResponses(operation: Operation): object {
  const codesByStatus = new Map<number, ProblemCode[]>();
  for (const code of problemsOf(operation)) {
    const { status } = problems[code];
    codesByStatus.set(status, [...(codesByStatus.get(status) ?? []), code]);
  }
  return Object.fromEntries(
    [...codesByStatus].map(([status, codes]) => [
      status,
      {
        description: [
          ...(isOfOauth(operation, status) ? [oauthFailure.description] : []),
          ...codes.map((code) => problems[code].title),
        ].join(' '),
        headers: headerReferences([
          'request-id',
          ...(codes.some((code) => tellsRateLimit(operation, code)) ? rateLimitHeaders : []),
          ...(status === 429 || status === 503 ? ['Retry-After'] : []),
        ]),
        content: {
          ...(isOfOauth(operation, status) ? oauthFailure.content : {}),
          'application/problem+json': {
            schema: { $ref: '#/components/schemas/Problem' },
            examples: Object.fromEntries(codes.map((code) => [code, { value: exampleProblem(code) }])),
          },
        },
      },
    ]),
  );
}

/** What is no HTTP at all is refused before anybody knows that it is for an OAuth endpoint. */
function isOfOauth({ oauthErrors }: Operation, status: number): boolean {
  return oauthErrors === true && status in oauthResponses;
}

function exampleProblem(code: ProblemCode): object {
  const { status, title } = problems[code];
  return {
    type: `/problems/${code}`,
    title,
    status,
    detail: title,
    code,
    message: title,
    requestId: 'c1f7a7c2-6f5e-4f0e-9a8c-1b2f3d4e5f60',
  };
}

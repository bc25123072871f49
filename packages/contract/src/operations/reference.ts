import { Type } from '../type.ts';
import type { Operation } from '../operation.ts';

const etag = 'Weak. As long as it is the same, so is what is told; send it as If-None-Match.';

/** The OpenAPI 3.1 document of everything that the server serves. */
export const getOpenApiDocument = {
  id: 'getOpenApiDocument',
  method: 'GET',
  path: '/openapi.json',
  tag: 'Server',
  summary: 'Get the OpenAPI document',
  answer: {
    status: 200,
    description: 'This document.',
    isConditional: true,
    headers: { ETag: etag },
    content: {
      'application/json; charset=utf-8': {
        schema: Type.Object({}, { title: 'OpenApiDocument', additionalProperties: true }),
        examples: { beginning: { openapi: '3.1.1', info: { title: 'seatledger', version: '0.1.0' } } },
      },
    },
  },
  problems: [],
} as const satisfies Operation;

/** What a problem means and what to do about it: the page that the member `type` of a problem leads to. */
export const describeProblem = {
  id: 'describeProblem',
  method: 'GET',
  path: '/problems/{code}',
  tag: 'Server',
  summary: 'Read what a problem means',
  parameters: { path: Type.Object({ code: Type.String({ description: 'The code of the problem.' }) }) },
  answer: {
    status: 200,
    description: 'The problem, its status and its remedy.',
    content: {
      'application/json; charset=utf-8': {
        schema: Type.Object(
          { code: Type.String(), status: Type.Integer(), title: Type.String(), remedy: Type.String() },
          { title: 'ProblemDescription', additionalProperties: false },
        ),
        examples: {
          unknownCustomer: {
            code: 'customer_not_found',
            status: 404,
            title: 'There is no such customer.',
            remedy: 'Check the customer id; it may also be outside the customers that the app may see.',
          },
        },
      },
    },
  },
  problems: ['route_unknown'],
} as const satisfies Operation;

/** The API reference as a page, made from the document. */
export const getDocs = {
  id: 'getDocs',
  method: 'GET',
  path: '/docs',
  tag: 'Server',
  summary: 'Read the API reference',
  answer: {
    status: 200,
    description: 'A page, which loads its script and the document from this server and nothing from another.',
    isConditional: true,
    headers: { ETag: etag },
    content: {
      'text/html; charset=utf-8': { schema: Type.String(), examples: { beginning: '<!doctype html>' } },
    },
  },
  problems: [],
} as const satisfies Operation;

export const getDocsScript = {
  id: 'getDocsScript',
  method: 'GET',
  path: '/docs/reference.js',
  tag: 'Server',
  summary: 'Get the script of the API reference',
  answer: {
    status: 200,
    description: 'The script, compressed for who takes that.',
    isConditional: true,
    headers: { ETag: etag, Vary: 'Accept-Encoding.' },
    content: {
      'application/javascript; charset=utf-8': {
        schema: Type.String(),
        examples: { beginning: '(function(){' },
      },
    },
  },
  problems: [],
} as const satisfies Operation;

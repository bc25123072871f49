/** The form in which an operation of the API is promised: what is asked, by whom, and what may come back. */

import type { TObject, TSchema } from './type.ts';
import type { Permission } from './permissions.ts';
import type { ProblemCode } from './problems.ts';

export interface Operation {
  /** The `operationId` of the document. */
  readonly id: string;
  readonly method: 'DELETE' | 'GET' | 'PATCH' | 'POST' | 'PUT';
  /** The path as an OpenAPI template, for example `/api/v1/apps/{clientId}`. */
  readonly path: `/${string}`;
  readonly tag: 'Identity' | 'Management' | 'Partner contract' | 'Server';
  readonly summary: string;
  readonly description?: string;
  /** The permission that the token must carry; absent where the operation is open to everyone. */
  readonly permission?: Permission;
  readonly parameters?: {
    readonly path?: TObject;
    readonly query?: TObject;
    readonly header?: TObject;
  };
  /** The request body by media type. */
  readonly body?: Readonly<Record<string, TSchema>>;
  /** Whether a request without a body is one too. */
  readonly bodyIsOptional?: true;
  readonly answer: {
    readonly status: 200 | 201 | 204;
    readonly description: string;
    /** Whether it has an entity tag, and is 304 without a body for who names that in If-None-Match. */
    readonly isConditional?: true;
    /** What headers of the answer say, by their names. */
    readonly headers?: Readonly<Record<string, string>>;
    /** The body by media type; absent where there is none. */
    readonly content?: Readonly<
      Record<string, { readonly schema: TSchema; readonly examples: Readonly<Record<string, unknown>> }>
    >;
  };
  /** The problems of the operation itself; those that any operation can answer with are added by `problemsOf`. */
  readonly problems: readonly ProblemCode[];
  /** Whether failures are answered as RFC 6749 section 5.2 has it and not as problems. */
  readonly oauthErrors?: true;
}

const ofEveryOperation: readonly ProblemCode[] = [
  'request_malformed',
  'request_timeout',
  'uri_too_long',
  'headers_too_large',
  'internal_error',
  'store_unreachable',
  'overloaded',
  'server_stopping',
];
const ofEveryGuardedOperation: readonly ProblemCode[] = [
  'token_missing',
  'token_invalid',
  'token_expired',
  'rate_limit_exceeded',
  'permission_missing',
  'rights_unverified',
];
/** What a guarded operation may answer without knowing which app asks. */
const ofUnknownCallers: ReadonlySet<ProblemCode> = new Set([
  ...ofEveryOperation,
  'token_missing',
  'token_invalid',
  'token_expired',
  'rights_unverified',
]);
const ofEveryBody: readonly ProblemCode[] = [
  'body_too_large',
  'content_type_unsupported',
  'content_encoding_unsupported',
];

/** Whether the problem, as an answer of the operation, tells the app of its rate limit. */
export function tellsRateLimit({ permission }: Operation, code: ProblemCode): boolean {
  return permission !== undefined && !ofUnknownCallers.has(code);
}

/** Every problem that the operation can answer with. */
export function problemsOf(operation: Operation): readonly ProblemCode[] {
  return [
    ...new Set([
      ...operation.problems,
      ...(operation.permission === undefined ? [] : ofEveryGuardedOperation),
      ...(operation.body === undefined || operation.oauthErrors ? [] : ofEveryBody),
      ...ofEveryOperation,
    ]),
  ];
}

/**
 * The registry of problems: every code that can reach a caller, once.
 *
 * The OpenAPI document and the pages below `/problems/` are made from it. Bodies are RFC 9457 `application/problem+json`; the OAuth
 * endpoints answer as RFC 6749 section 5.2 has it and are not listed here.
 */

export interface ProblemEntry {
  readonly status: number;
  /** What went wrong, in one sentence that holds for every occurrence. */
  readonly title: string;
  /** What the caller can do about it. */
  readonly remedy: string;
}

export const problems = {
  request_malformed: {
    status: 400,
    title: 'The request is not well-formed HTTP.',
    remedy: 'Check the request line, the percent-encoding of the URL and the headers.',
  },
  api_version_unknown: {
    status: 400,
    title: 'The contract revision asked for is not known.',
    remedy:
      'Send one of the revisions that the answer lists in the header Api-Version, or leave the header out.',
  },
  product_type_invalid: {
    status: 400,
    title: 'The product type is not a number of the form that product types have.',
    remedy: 'Write it in decimal digits without sign, leading zero, point or blank, for example 2048.',
  },
  product_type_unknown: {
    status: 400,
    title: 'There is no product with this product type.',
    remedy: 'Use one of the values that the answer lists.',
  },
  customer_id_invalid: {
    status: 400,
    title: 'The customer id is not of the form that customer ids have.',
    remedy:
      'Use 1 to 64 letters, digits, points, hyphens and underscores, beginning with a letter or a digit.',
  },
  parameter_invalid: {
    status: 400,
    title: 'A parameter has a value that it cannot have.',
    remedy: 'Correct the parameters that the answer names under errors.',
  },
  parameter_unknown: {
    status: 400,
    title: 'The request has a parameter that the operation does not know.',
    remedy: 'Remove or correct the parameters that the answer names under errors.',
  },
  body_invalid: {
    status: 400,
    title: 'The request body is not what the operation takes.',
    remedy: 'Correct the members that the answer names under errors.',
  },
  import_invalid: {
    status: 400,
    title: 'The file has lines that cannot be imported, so nothing was.',
    remedy: 'Correct the lines that the answer names under errors and import the file again.',
  },
  token_missing: {
    status: 401,
    title: 'The request carries no bearer token.',
    remedy: 'Get a token from /connect/token and send it in the header Authorization: Bearer.',
  },
  token_invalid: {
    status: 401,
    title: 'The bearer token is not valid here.',
    remedy:
      'Get a new token from the /connect/token of this server, with credentials that are still in force.',
  },
  token_expired: {
    status: 401,
    title: 'The bearer token has expired.',
    remedy: 'Get a new token from /connect/token; a token lives for one hour.',
  },
  permission_missing: {
    status: 403,
    title: 'The token does not carry the permission that the operation needs.',
    remedy:
      'Ask for the permission in scope when getting the token; an administrator may have to grant it to the app first.',
  },
  customer_scope_insufficient: {
    status: 403,
    title: 'The operation needs an app whose customer scope is all customers.',
    remedy: 'Use an app registration that sees all customers.',
  },
  grant_exceeds_own: {
    status: 403,
    title: 'An app cannot give what it does not hold itself.',
    remedy: 'Leave out the permissions that the answer names, or use an app registration that holds them.',
  },
  customer_not_found: {
    status: 404,
    title: 'There is no such customer.',
    remedy: 'Check the customer id; it may also be outside the customers that the app may see.',
  },
  user_not_found: {
    status: 404,
    title: 'There is no such user of the customer.',
    remedy: 'Check the address; a user that was erased has none any more.',
  },
  tenant_not_found: {
    status: 404,
    title: 'There is no such tenant of the customer.',
    remedy: 'Get the customer and use the id of one of its tenants.',
  },
  group_not_found: {
    status: 404,
    title: 'There is no such customer group.',
    remedy: 'List the customer groups and use an id from there.',
  },
  pool_not_found: {
    status: 404,
    title: 'There is no such pool.',
    remedy: 'List the pools and use an id from there.',
  },
  line_not_found: {
    status: 404,
    title: 'The customer has no such line.',
    remedy: 'List the lines of the customer and use an id from there.',
  },
  app_not_found: {
    status: 404,
    title: 'There is no such app registration.',
    remedy: 'List the app registrations and use an id from there.',
  },
  credential_not_found: {
    status: 404,
    title: 'The app registration has no such secret or certificate.',
    remedy: 'Get the app registration and use an id of its credentials.',
  },
  partner_not_found: {
    status: 404,
    title: 'There is no such partner.',
    remedy: 'List the partners and use a name from there.',
  },
  route_unknown: {
    status: 404,
    title: 'There is nothing at this path.',
    remedy: 'Check the path against the API reference at /openapi.json.',
  },
  method_not_allowed: {
    status: 405,
    title: 'The path does not take this method.',
    remedy: 'Use one of the methods that the header Allow names.',
  },
  request_timeout: {
    status: 408,
    title: 'The request did not arrive in time.',
    remedy: 'Send the request again, without pausing in the middle of it.',
  },
  credential_limit_reached: {
    status: 409,
    title: 'The app registration has 20 secrets and certificates, and there can be no more.',
    remedy: 'Remove one that is not used any more, and try again.',
  },
  partner_ambiguous: {
    status: 409,
    title: 'There are several partners, so one has to be named.',
    remedy: 'Name the partner.',
  },
  partner_exists: {
    status: 409,
    title: 'There is a partner of this name already.',
    remedy: 'Choose another name, or use the partner that is there.',
  },
  customer_exists: {
    status: 409,
    title: 'There is a customer with this id already.',
    remedy: 'Choose another id, leave it out to get one, or change the customer that is there.',
  },
  group_exists: {
    status: 409,
    title: 'There is a customer group of this name already.',
    remedy: 'Choose another name, or use the group that is there.',
  },
  external_id_taken: {
    status: 409,
    title: 'Another line has this external id.',
    remedy: 'Choose another external id, or change the line that has it.',
  },
  seats_insufficient: {
    status: 409,
    title: 'More seats were asked for than are available, so none was assigned.',
    remedy: 'Release seats, add a line, or assign no more than the numbers of the answer allow.',
  },
  pool_insufficient: {
    status: 409,
    title: 'The pool would have fewer seats than are occupied, so nothing was changed.',
    remedy:
      'Take fewer seats, end grants, or raise the pool; the numbers of the answer name the first instant.',
  },
  idempotency_key_in_use: {
    status: 409,
    title: 'A request with this Idempotency-Key is underway.',
    remedy: 'Wait for its answer, or send the request again a little later.',
  },
  idempotent_answer_not_kept: {
    status: 409,
    title: 'The request was done before, and its answer held a secret that is shown once.',
    remedy:
      'List what there is; delete it and make it anew with another Idempotency-Key if its secret is lost.',
  },
  version_changed: {
    status: 412,
    title: 'What was to be changed is not in the version that If-Match names.',
    remedy: 'Get it again, look at what changed, and send the change with its new ETag.',
  },
  body_too_large: {
    status: 413,
    title: 'The request body is larger than the operation takes.',
    remedy: 'Send less at once.',
  },
  uri_too_long: {
    status: 414,
    title: 'The URL, or one segment of its path, is too long.',
    remedy: 'Shorten it; no id is longer than 64 characters.',
  },
  content_type_unsupported: {
    status: 415,
    title: 'The operation does not take a body of this content type.',
    remedy: 'Send a body of a content type that the API reference names for the operation.',
  },
  content_encoding_unsupported: {
    status: 415,
    title: 'Compressed request bodies are not taken.',
    remedy: 'Send the body as it is, without Content-Encoding.',
  },
  idempotency_key_reused: {
    status: 422,
    title: 'The Idempotency-Key was used for another request.',
    remedy: 'Use a new key for each request, and the same one only to send the same request again.',
  },
  version_required: {
    status: 428,
    title: 'The change does not say which version it is of.',
    remedy: 'Get what is to be changed and send its ETag in the header If-Match.',
  },
  rate_limit_exceeded: {
    status: 429,
    title: 'The app sends requests faster than it may.',
    remedy:
      'Wait for the seconds that the header Retry-After names; the header RateLimit tells in every answer how many requests are left.',
  },
  stream_limit_reached: {
    status: 429,
    title: 'The app has as many event streams open as it may have.',
    remedy: 'End one that is not read any more, or share one; an app can have 10 of a process.',
  },
  headers_too_large: {
    status: 431,
    title: 'The request headers are too large.',
    remedy: 'Send fewer or shorter headers; together they may take 16 KiB.',
  },
  internal_error: {
    status: 500,
    title: 'The server failed to answer.',
    remedy: 'Try again; if it stays, give the request id to whoever runs the server.',
  },
  backups_busy: {
    status: 503,
    title: 'As many backups are underway as the server makes at once, or one of this partner is.',
    remedy: 'Wait until the other backup is taken, and try again.',
  },
  imports_busy: {
    status: 503,
    title: 'As many imports are underway as the server takes at once.',
    remedy: 'Try again after the seconds that the header Retry-After names.',
  },
  overloaded: {
    status: 503,
    title: 'The server has more to do than it can, and did nothing of the request.',
    remedy: 'Try again after the seconds that the header Retry-After names, and more slowly.',
  },
  rights_unverified: {
    status: 503,
    title: "The server cannot check the app's rights at the moment.",
    remedy: 'Try again after the seconds that the header Retry-After names.',
  },
  server_stopping: {
    status: 503,
    title: 'The server is stopping and takes no new work.',
    remedy: 'Try again after the seconds that the header Retry-After names.',
  },
  streams_busy: {
    status: 503,
    title: 'As many event streams are open as the server takes at once.',
    remedy: 'Try again after the seconds that the header Retry-After names, or list the events.',
  },
  store_unreachable: {
    status: 503,
    title: 'The server cannot use its database at the moment.',
    remedy:
      'Try again after the seconds that the header Retry-After names. Of a change it is not known whether it was made: send it again with its Idempotency-Key.',
  },
  storage_full: {
    status: 507,
    title: 'There is no room left to store the change, so nothing was changed.',
    remedy: "Make room on the disk of the server's data folder and send the request again.",
  },
} as const satisfies Record<string, ProblemEntry>;

export type ProblemCode = keyof typeof problems;

/** What can be wrong with one field of an otherwise readable request; the `code` of an entry of `errors`. */
export const fieldProblems = {
  before_pool_start: 'The grant begins before its pool does.',
  beyond_pool_end: 'The grant ends after its pool does.',
  after_last_event: 'The record does not reach so far.',
  before_first_event: 'The record begins later.',
  certificate_expired: 'The certificate has expired, or ends before it begins.',
  certificate_invalid: 'Use one X.509 certificate as PEM, or its DER form in base64.',
  certificate_key_invalid: 'Use a certificate whose key is RSA of 2048 to 8192 bits, or on the curve P-256.',
  certificate_twice: 'The app has this certificate already.',
  certificate_usage_invalid: 'Use a certificate whose key usage has digitalSignature.',
  column_missing: 'The file lacks a column that it must have.',
  column_unknown: 'There is no such column.',
  customer_id_invalid:
    'Use 1 to 64 letters, digits, points, hyphens and underscores, beginning with a letter or a digit.',
  customer_not_found: 'There is no such customer.',
  cursor_invalid: 'The cursor is not one that this operation gave.',
  external_id_of_other_customer: 'A line of another customer has this external id.',
  field_twice: 'The field is there twice: the case of names is ignored.',
  field_unknown: 'There is no such field.',
  group_not_found: 'There is no such customer group.',
  instant_invalid: 'Use an ISO 8601 date, or date and time with Z or an offset, from 1970 to 9999.',
  line_of_pool: 'The line is a grant from a pool, which a file does not change.',
  lines_too_many: 'The customer has 1000 lines of this product, and there can be no more.',
  line_twice: 'The file names this line more than once.',
  name_invalid: 'Use 1 to 100 characters without control characters and without a blank at either end.',
  permission_not_held: 'The app that asks does not hold this permission itself.',
  permission_unknown: 'There is no such permission.',
  pool_not_found: 'There is no such pool.',
  pool_of_other_resource: 'The pool is of another resource.',
  product_type_unknown: 'There is no such product; use the number or the name of one of the catalogue.',
  resource_of_other_product: 'The resource is not one of this product.',
  resource_unknown: 'There is no such resource.',
  row_malformed: 'The row cannot be read.',
  seats_invalid: 'Use a whole number from 0 to 2147483647.',
  tenants_too_many: 'The customer has 100 tenants, and there can be no more.',
  term_inverted: 'The term ends before it begins.',
  scope_ambiguous: 'Give customers or groups, and not both.',
  user_invalid: 'Use 1 to 320 characters without control characters and without a blank at either end.',
  value_invalid: 'The value is not one that the field can have.',
  value_required: 'A value is required.',
  value_too_long: 'The value is too long.',
} as const satisfies Record<string, string>;

export type FieldProblemCode = keyof typeof fieldProblems;

export interface FieldProblem {
  /** The name of the parameter, header, member or column. */
  readonly field: string;
  readonly code: FieldProblemCode;
  readonly message: string;
  /** The line of the file, counted from 1, for what is wrong with an import. */
  readonly line?: number;
}

/** A field's problem with the sentence of its code, or one that says more. */
export function fieldProblem(
  field: string,
  code: FieldProblemCode,
  { message = fieldProblems[code], line }: { message?: string; line?: number } = {},
): FieldProblem {
  return { field, code, message, ...(line === undefined ? {} : { line }) };
}

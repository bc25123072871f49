/** Access tokens: getting one, ending one, asking what one is good for. */

import { type Static, Type } from '../type.ts';
import { secretExample } from '../appRegistrations.ts';
import type { Operation } from '../operation.ts';

/** How long an access token lives, in seconds. Source: one hour in the AvePoint Graph API pages; every known client assumes it. */
export const tokenLifetimeSeconds = 3600;

/** The longest scope string that is taken, in characters: all the permissions there are fit in. */
export const scopeLengthMax = 2000;

/** The longest client assertion that is taken, in characters. Source: the default bound of IdentityServer, which real clients were made for. */
export const assertionLengthMax = 51_200;

/** The only type of client assertion (RFC 7523 section 2.2). */
export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How a client says in a form who it is; or it uses HTTP Basic. */
const clientProof = {
  client_id: Type.Optional(
    Type.String({ maxLength: 100, description: 'Required with client_secret; an assertion names it too.' }),
  ),
  client_secret: Type.Optional(
    Type.String({ maxLength: 100, description: 'Or HTTP Basic, or an assertion.' }),
  ),
  client_assertion_type: Type.Optional(Type.Literal(assertionType)),
  client_assertion: Type.Optional(
    Type.String({
      maxLength: assertionLengthMax,
      description:
        "A JWT of RFC 7523, signed with the key of one of the app's certificates: RS256, PS256 or ES256.",
    }),
  ),
};

const tokenExample = 'eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…';
const proofExample = {
  client_id: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
  client_secret: secretExample,
};

const tokenRequest = Type.Object(
  {
    grant_type: Type.Literal('client_credentials'),
    ...clientProof,
    scope: Type.Optional(
      Type.String({
        maxLength: scopeLengthMax,
        description: 'Permissions, separated by blanks. Absent: all that the app holds.',
      }),
    ),
  },
  {
    title: 'TokenRequest',
    examples: [
      { ...proofExample, grant_type: 'client_credentials', scope: 'elements.license.read.all' },
      { ...proofExample, grant_type: 'client_credentials' },
    ],
  },
);

const tokenAnswer = Type.Object(
  {
    access_token: Type.String({ description: 'A JWT of the profile RFC 9068, signed with RS256.' }),
    token_type: Type.Literal('Bearer'),
    expires_in: Type.Integer({ description: 'Seconds until the token expires.' }),
    scope: Type.String({ description: 'The permissions that the token carries, separated by blanks.' }),
  },
  { title: 'TokenAnswer', additionalProperties: false },
);

/**
 * The failures of RFC 6749 section 5.2 that the OAuth endpoints answer with, and `temporarily_unavailable` of the registry of OAuth
 * errors where a caller fails too often.
 */
const tokenErrors = [
  'invalid_request',
  'invalid_client',
  'invalid_grant',
  'unsupported_grant_type',
  'invalid_scope',
  'temporarily_unavailable',
] as const;
export type TokenError = (typeof tokenErrors)[number];

export const tokenErrorAnswer = Type.Object(
  {
    error: Type.Enum(tokenErrors),
    error_description: Type.String(),
  },
  { title: 'TokenError', additionalProperties: false },
);

/** An access token for an app that proves who it is (OAuth 2.0 client credentials, RFC 6749 section 4.4). */
export const issueToken = {
  id: 'issueToken',
  method: 'POST',
  path: '/connect/token',
  tag: 'Identity',
  summary: 'Get an access token',
  description:
    'The client proves who it is with its secret, in the form or by HTTP Basic, or with an assertion, and never in two ways. Failures are ' +
    'answered as RFC 6749 section 5.2 has it: 400, and 401 for invalid_client where the Authorization header was used.',
  body: { 'application/x-www-form-urlencoded': tokenRequest },
  answer: {
    status: 200,
    description: 'The token.',
    content: {
      'application/json; charset=utf-8': {
        schema: tokenAnswer,
        examples: {
          token: {
            access_token: tokenExample,
            token_type: 'Bearer',
            expires_in: tokenLifetimeSeconds,
            scope: 'elements.license.read.all',
          },
        },
      },
    },
  },
  problems: ['rights_unverified'],
  oauthErrors: true,
} as const satisfies Operation;

const tokenHint = {
  token: Type.String({ description: 'An access token of this server.' }),
  token_type_hint: Type.Optional(Type.String({ description: 'Ignored: there is one type of tokens.' })),
};

/** Ends a token before its time (RFC 7009). An app ends its own tokens alone. */
export const revokeToken = {
  id: 'revokeToken',
  method: 'POST',
  path: '/connect/revocation',
  tag: 'Identity',
  summary: 'Revoke an access token (RFC 7009)',
  description:
    'The token is refused from within a second on, by every process. A token that is not valid is taken for revoked already; one of another ' +
    'app is refused with invalid_grant.',
  body: {
    'application/x-www-form-urlencoded': Type.Object(
      { ...tokenHint, ...clientProof },
      { title: 'RevocationRequest', examples: [{ ...proofExample, token: tokenExample }] },
    ),
  },
  answer: { status: 200, description: 'The token is not valid any more.' },
  problems: ['rights_unverified', 'storage_full'],
  oauthErrors: true,
} as const satisfies Operation;

const introspection = Type.Object(
  {
    active: Type.Boolean({
      description: 'Whether the token would be taken now. False also for one that is not yours to ask about.',
    }),
    scope: Type.Optional(Type.String({ description: 'What the token may do now, separated by blanks.' })),
    client_id: Type.Optional(Type.String()),
    token_type: Type.Optional(Type.Literal('Bearer')),
    exp: Type.Optional(Type.Integer()),
    iat: Type.Optional(Type.Integer()),
    sub: Type.Optional(Type.String()),
    aud: Type.Optional(Type.String()),
    iss: Type.Optional(Type.String()),
    jti: Type.Optional(Type.String()),
  },
  { title: 'Introspection', additionalProperties: false },
);
export type Introspection = Static<typeof introspection>;

/** What a token is good for at this moment (RFC 7662): told to its own app, and to an administrator of the same partner. */
export const introspectToken = {
  id: 'introspectToken',
  method: 'POST',
  path: '/connect/introspect',
  tag: 'Identity',
  summary: 'Introspect an access token (RFC 7662)',
  description:
    "An app is told of its own tokens, and one that holds seatledger.admin and sees all customers of its partner's. Of any other token it is told that it is not active.",
  body: {
    'application/x-www-form-urlencoded': Type.Object(
      { ...tokenHint, ...clientProof },
      { title: 'IntrospectionRequest', examples: [{ ...proofExample, token: tokenExample }] },
    ),
  },
  answer: {
    status: 200,
    description: 'What the token is good for.',
    content: {
      'application/json; charset=utf-8': {
        schema: introspection,
        examples: {
          active: {
            active: true,
            scope: 'elements.license.read.all',
            client_id: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
            token_type: 'Bearer',
            exp: 1_769_855_400,
            iat: 1_769_851_800,
            sub: '7b0c1f5e-3d42-4c8a-9a57-0f2f6f1f8f11',
            aud: 'http://127.0.0.1:8080',
            iss: 'http://127.0.0.1:8080',
            jti: '1f0a52f8-52fd-4a0a-8a2b-4ad0a4c3a3f0',
          },
          inactive: { active: false },
        },
      },
    },
  },
  problems: ['rights_unverified'],
  oauthErrors: true,
} as const satisfies Operation;

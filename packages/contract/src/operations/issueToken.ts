import { Type } from 'typebox';
import type { Operation } from '../operation.ts';

/** How long an access token lives, in seconds. Source: one hour in the AvePoint Graph API pages; every known client assumes it. */
export const tokenLifetimeSeconds = 3600;

/** The longest scope string that is taken, in characters: all the permissions there are fit in. */
export const scopeLengthMax = 2000;

const tokenRequest = Type.Object(
  {
    grant_type: Type.Literal('client_credentials'),
    client_id: Type.Optional(
      Type.String({ maxLength: 100, description: 'Required unless HTTP Basic is used.' }),
    ),
    client_secret: Type.Optional(
      Type.String({ maxLength: 100, description: 'Required unless HTTP Basic is used.' }),
    ),
    scope: Type.Optional(
      Type.String({
        maxLength: scopeLengthMax,
        description: 'Permissions, separated by blanks. Absent: all that the app holds.',
      }),
    ),
  },
  { title: 'TokenRequest' },
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

/** The failures of RFC 6749 section 5.2 that this endpoint answers with. */
const tokenErrors = [
  'invalid_request',
  'invalid_client',
  'unauthorized_client',
  'unsupported_grant_type',
  'invalid_scope',
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
    'The secret is taken from the form or from HTTP Basic, never from both. Failures are answered as RFC 6749 section 5.2 has it: 400, ' +
    'and 401 for invalid_client where the Authorization header was used.',
  body: { 'application/x-www-form-urlencoded': tokenRequest },
  answer: {
    status: 200,
    description: 'The token.',
    content: {
      'application/json; charset=utf-8': {
        schema: tokenAnswer,
        examples: {
          token: {
            access_token: 'eyJhbGciOiJSUzI1NiIsInR5cCI6ImF0K2p3dCJ9.…',
            token_type: 'Bearer',
            expires_in: tokenLifetimeSeconds,
            scope: 'elements.license.read.all',
          },
        },
      },
    },
  },
  problems: [],
  oauthErrors: true,
} as const satisfies Operation;

import { Type } from '../type.ts';
import type { Operation } from '../operation.ts';

const serverMetadata = Type.Object(
  {
    issuer: Type.String({ format: 'uri' }),
    token_endpoint: Type.String({ format: 'uri' }),
    jwks_uri: Type.String({ format: 'uri' }),
    scopes_supported: Type.Array(Type.String()),
    response_types_supported: Type.Array(Type.String()),
    grant_types_supported: Type.Array(Type.String()),
    token_endpoint_auth_methods_supported: Type.Array(Type.String()),
    token_endpoint_auth_signing_alg_values_supported: Type.Array(Type.String()),
    revocation_endpoint: Type.String({ format: 'uri' }),
    revocation_endpoint_auth_methods_supported: Type.Array(Type.String()),
    revocation_endpoint_auth_signing_alg_values_supported: Type.Array(Type.String()),
    introspection_endpoint: Type.String({ format: 'uri' }),
    introspection_endpoint_auth_methods_supported: Type.Array(Type.String()),
    introspection_endpoint_auth_signing_alg_values_supported: Type.Array(Type.String()),
    service_documentation: Type.String({ format: 'uri' }),
  },
  { title: 'AuthorizationServerMetadata', additionalProperties: false },
);

const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];
const algorithms = ['RS256', 'PS256', 'ES256'];

const metadataAnswer = {
  status: 200,
  description: 'Where and how to get a token.',
  content: {
    'application/json; charset=utf-8': {
      schema: serverMetadata,
      examples: {
        local: {
          issuer: 'http://127.0.0.1:8080',
          token_endpoint: 'http://127.0.0.1:8080/connect/token',
          jwks_uri: 'http://127.0.0.1:8080/.well-known/jwks.json',
          scopes_supported: ['elements.license.read.all'],
          response_types_supported: [],
          grant_types_supported: ['client_credentials'],
          token_endpoint_auth_methods_supported: methods,
          token_endpoint_auth_signing_alg_values_supported: algorithms,
          revocation_endpoint: 'http://127.0.0.1:8080/connect/revocation',
          revocation_endpoint_auth_methods_supported: methods,
          revocation_endpoint_auth_signing_alg_values_supported: algorithms,
          introspection_endpoint: 'http://127.0.0.1:8080/connect/introspect',
          introspection_endpoint_auth_methods_supported: methods,
          introspection_endpoint_auth_signing_alg_values_supported: algorithms,
          service_documentation: 'http://127.0.0.1:8080/openapi.json',
        },
      },
    },
  },
} as const;

/** Authorization server metadata (RFC 8414). */
export const getAuthorizationServerMetadata = {
  id: 'getAuthorizationServerMetadata',
  method: 'GET',
  path: '/.well-known/oauth-authorization-server',
  tag: 'Identity',
  summary: 'Discover the token endpoint (RFC 8414)',
  answer: metadataAnswer,
  problems: [],
} as const satisfies Operation;

/** The same metadata where OpenID clients look for it; real clients of the partner API do. */
export const getOpenIdConfiguration = {
  id: 'getOpenIdConfiguration',
  method: 'GET',
  path: '/.well-known/openid-configuration',
  tag: 'Identity',
  summary: 'Discover the token endpoint, where OpenID clients look',
  answer: metadataAnswer,
  problems: [],
} as const satisfies Operation;

/** The public keys that tokens can be verified with (RFC 7517). */
export const getJsonWebKeySet = {
  id: 'getJsonWebKeySet',
  method: 'GET',
  path: '/.well-known/jwks.json',
  tag: 'Identity',
  summary: 'Get the keys that tokens are verified with',
  answer: {
    status: 200,
    description: 'A JSON Web Key Set.',
    content: {
      'application/json; charset=utf-8': {
        schema: Type.Object(
          { keys: Type.Array(Type.Object({}, { additionalProperties: true })) },
          { title: 'JsonWebKeySet' },
        ),
        examples: { set: { keys: [{ kty: 'RSA', use: 'sig', alg: 'RS256', kid: 'a1', n: '…', e: 'AQAB' }] } },
      },
    },
  },
  problems: [],
} as const satisfies Operation;

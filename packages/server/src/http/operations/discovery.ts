import { operations, permissions } from '@seatledger/contract';
import { assertionAlgorithms, type KeyRing } from '../../identity/index.ts';
import type { Route } from '../route.ts';

const methods = ['client_secret_basic', 'client_secret_post', 'private_key_jwt'];

/** Everything is told from the configured public URL, never from what a request says of the host. */
export function discovery(publicUrl: () => string, keys: KeyRing): readonly Route[] {
  const metadata = async () => ({
    issuer: publicUrl(),
    token_endpoint: `${publicUrl()}${operations.issueToken.path}`,
    jwks_uri: `${publicUrl()}${operations.getJsonWebKeySet.path}`,
    scopes_supported: permissions,
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: methods,
    token_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    revocation_endpoint: `${publicUrl()}${operations.revokeToken.path}`,
    revocation_endpoint_auth_methods_supported: methods,
    revocation_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    introspection_endpoint: `${publicUrl()}${operations.introspectToken.path}`,
    introspection_endpoint_auth_methods_supported: methods,
    introspection_endpoint_auth_signing_alg_values_supported: assertionAlgorithms,
    service_documentation: `${publicUrl()}${operations.getOpenApiDocument.path}`,
  });
  return [
    { operation: operations.getOpenIdConfiguration, answer: metadata },
    { operation: operations.getAuthorizationServerMetadata, answer: metadata },
    { operation: operations.getJsonWebKeySet, answer: async () => ({ keys: keys.publicJwks() }) },
  ];
}

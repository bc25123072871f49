import { operations, permissions } from '@seatledger/contract';
import type { SigningKeys } from '../../identity/index.ts';
import type { Route } from '../route.ts';

/** Everything is told from the configured public URL, never from what a request says of the host. */
export function discovery(publicUrl: () => string, keys: SigningKeys): readonly Route[] {
  const metadata = async () => ({
    issuer: publicUrl(),
    token_endpoint: `${publicUrl()}${operations.issueToken.path}`,
    jwks_uri: `${publicUrl()}${operations.getJsonWebKeySet.path}`,
    scopes_supported: permissions,
    response_types_supported: [],
    grant_types_supported: ['client_credentials'],
    token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
    service_documentation: `${publicUrl()}${operations.getOpenApiDocument.path}`,
  });
  return [
    { operation: operations.getOpenIdConfiguration, answer: metadata },
    { operation: operations.getAuthorizationServerMetadata, answer: metadata },
    { operation: operations.getJsonWebKeySet, answer: async () => ({ keys: keys.publicJwks }) },
  ];
}

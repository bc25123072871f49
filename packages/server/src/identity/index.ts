export {
  type AppChange,
  type AppRequest,
  type AppStates,
  appStateText,
  changeApp,
  deleteApp,
  type Grantable,
  type RegisteredApp,
  registerApp,
  replayApps,
} from './apps.ts';
export { assertionAlgorithms, createAssertionCheck } from './assertions.ts';
export { type Authenticate, type Authentication, type Caller, createAuthentication } from './authenticate.ts';
export {
  type AuthenticateClient,
  type AuthenticatedClient,
  claimedClientId,
  type ClientProof,
  createClientAuthentication,
} from './authenticateClient.ts';
export type { MemoryUses } from './briefMemory.ts';
export { certificateFacts } from './certificates.ts';
export {
  type AddedCredential,
  addCredential,
  type CredentialRequest,
  removeCredential,
} from './credentials.ts';
export { noteUses } from './credentialUse.ts';
export { createTokenGrant, type GrantToken } from './grantToken.ts';
export { createTokenAnswers, type TokenAnswers } from './heldTokens.ts';
export {
  keyRefreshMs,
  type KeyRing,
  type KeyState,
  keyStates,
  openKeyRing,
  type RotatedKeys,
  rotateKeys,
} from './keys.ts';
export type { App, Credential, IdentityReads, Use } from './ports.ts';
export { readRights, type RightsReader } from './rights.ts';
export { createTokens, type Tokens } from './tokens.ts';
export { noteCredentialUse, revokeToken, useAssertion } from './used.ts';

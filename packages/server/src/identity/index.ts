export { type Authenticate, type Authentication, type Caller, createAuthentication } from './authenticate.ts';
export { type ClientProof, createTokenGrant, type GrantToken } from './grantToken.ts';
export { loadSigningKeys, type SigningKeys } from './keys.ts';
export type { App, IdentityReads } from './ports.ts';
export {
  type AppRequest,
  type AppStates,
  appStateText,
  deleteApp,
  type RegisteredApp,
  registerApp,
  replayApps,
} from './registerApp.ts';
export { readRights } from './rights.ts';
export { createTokens, type Tokens } from './tokens.ts';

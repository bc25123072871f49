/**
 * Whether the JWT is spelled in the only way that RFC 7515 section 2 and RFC 4648 section 3.5 leave.
 *
 * jose also reads blanks, padding and stray bits at the end of a part: each spelling of one token would be remembered apart.
 */
export function isCanonical(jwt: string): boolean {
  return jwt.split('.').every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

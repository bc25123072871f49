/** What every answer tells browsers, whoever gives it: an operation, the router or the parser. */

/** A page that shows an answer of the API loads nothing, is in no frame and sends no form. */
const contentSecurityPolicy =
  "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

/**
 * By their names in lower case: those that helmet sets, without what only pages need that load something.
 *
 * Where clients reach the server by TLS, browsers are told to come by nothing else for a year.
 */
export function securityHeaders({
  isReachedByTls,
}: {
  isReachedByTls: boolean;
}): Readonly<Record<string, string>> {
  return {
    'content-security-policy': contentSecurityPolicy,
    'cross-origin-opener-policy': 'same-origin',
    'cross-origin-resource-policy': 'same-origin',
    'origin-agent-cluster': '?1',
    'referrer-policy': 'no-referrer',
    ...(isReachedByTls ? { 'strict-transport-security': 'max-age=31536000; includeSubDomains' } : {}),
    'x-content-type-options': 'nosniff',
    'x-dns-prefetch-control': 'off',
    'x-download-options': 'noopen',
    'x-frame-options': 'DENY',
    'x-permitted-cross-domain-policies': 'none',
    'x-xss-protection': '0',
  };
}

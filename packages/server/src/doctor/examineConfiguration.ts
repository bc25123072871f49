/** What a server would be started with here, by the variables of the environment. */

import { X509Certificate } from 'node:crypto';
import { isIP } from 'node:net';
import {
  ConfigurationError,
  isLoopback,
  isReachedByTls,
  readServeConfig,
  type ServeConfig,
} from '../config.ts';
import { readTlsPair } from '../tlsFiles.ts';
import { dateText, daysUntil, type Finding, ok, problem, warning } from './finding.ts';

/** How long before it ends a certificate is told of, in days; those that are renewed by a machine are so a month before. */
const certificateDaysSoon = 21;

export function examineConfiguration(
  flags: Parameters<typeof readServeConfig>[0],
  { now, environment }: { now: number; environment: NodeJS.ProcessEnv | undefined },
): readonly Finding[] {
  let config: ServeConfig;
  try {
    config = readServeConfig(flags, environment);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return [
      problem(
        'configuration',
        error.message,
        'Set the variables of the environment, as seatledger serve --help names them.',
      ),
    ];
  }
  const risks = risksOf(config);
  return [
    ...(risks.length > 0
      ? risks
      : [
          ok(
            'configuration',
            'Nothing in the environment gives the server away; flags of serve are not seen here.',
          ),
        ]),
    ...(config.tls === undefined ? [] : [examineTlsFiles(config.tls, now)]),
  ];
}

function risksOf(config: ServeConfig): readonly Finding[] {
  const { host, tls, metrics, trustedProxies, rateLimit, place, publicUrl } = config;
  const risks: Finding[] = [];
  if (!isLoopback(host) && tls === undefined) {
    risks.push(
      warning(
        'configuration',
        `The server listens on ${host} without TLS, for a proxy that speaks it.`,
        'See that nothing but the proxy reaches that port, or listen on an address that only the proxy reaches (HOST).',
      ),
    );
  }
  if (tls === undefined && isReachedByTls(config) && trustedProxies.length === 0) {
    risks.push(
      warning(
        'configuration',
        'No proxy is trusted, so all clients behind it have its address and share one limit of failed authentications.',
        'Name the proxy with TRUST_PROXY or --trust-proxy.',
      ),
    );
  }
  if (!isLoopback(host) && publicUrl === undefined) {
    risks.push(
      warning(
        'configuration',
        `There is no public URL, so tokens name ${host} as their issuer.`,
        'Set SEATLEDGER_PUBLIC_URL to what clients call.',
      ),
    );
  }
  if (metrics !== undefined && !isLoopback(metrics.host)) {
    risks.push(
      warning(
        'configuration',
        `Metrics are served at ${metrics.host} in the clear, to whoever reaches it.`,
        'See that only what collects them reaches that port, or use an address of loopback (METRICS_ADDRESS).',
      ),
    );
  }
  if (rateLimit === 0) {
    risks.push(
      warning(
        'configuration',
        'Apps may ask as often as they like.',
        'Set RATE_LIMIT to what the fastest of them needs a second.',
      ),
    );
  }
  if (place.kind === 'database' && isInTheClear(place.url)) {
    risks.push(
      warning(
        'configuration',
        'The database is on another host, and its URL does not ask for TLS.',
        'Add sslmode=verify-full to the URL, where the network between is not yours alone.',
      ),
    );
  }
  return risks;
}

/** Of the modes that there are, those that do not go on without TLS. */
const modesOfTls: readonly string[] = ['require', 'verify-ca', 'verify-full'];

function isInTheClear(url: string): boolean {
  const { hostname, searchParams } = new URL(url);
  const isSocket = searchParams.get('host')?.startsWith('/') === true || hostname === '';
  const isHere = hostname === 'localhost' || (isIP(hostname) !== 0 && isLoopback(hostname));
  const asksForTls =
    modesOfTls.includes(searchParams.get('sslmode') ?? '') || searchParams.get('ssl') === 'true';
  return !isSocket && !isHere && !asksForTls;
}

function examineTlsFiles(files: NonNullable<ServeConfig['tls']>, now: number): Finding {
  try {
    const { certificate } = readTlsPair(files);
    return examineCertificate(new X509Certificate(certificate), files.certificateFile, now);
  } catch (error) {
    if (!(error instanceof ConfigurationError)) throw error;
    return problem('tls', error.message, 'Give the server a key and its certificate that can be read.');
  }
}

/** `where` is what the certificate was got from. */
export function examineCertificate(
  { validFromDate, validToDate }: Pick<X509Certificate, 'validFromDate' | 'validToDate'>,
  where: string,
  now: number,
): Finding {
  const [from, to] = [validFromDate.getTime(), validToDate.getTime()];
  const remedy = 'Renew the certificate, and send the server SIGHUP: it reads the file again.';
  if (to <= now) return problem('tls', `The certificate of ${where} has ended on ${dateText(to)}.`, remedy);
  if (from > now)
    return problem(
      'tls',
      `The certificate of ${where} begins on ${dateText(from)}.`,
      'Check the clock of this machine.',
    );
  const seen = `The certificate of ${where} ends on ${dateText(to)}.`;
  return daysUntil(to, now) < certificateDaysSoon ? warning('tls', seen, remedy) : ok('tls', seen);
}

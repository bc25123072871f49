/** A server as its callers reach it. */

import type { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import { type ProblemCode, operations, problems } from '@seatledger/contract';
import { ConfigurationError, isLoopback } from '../config.ts';
import { examineCertificate } from './examineConfiguration.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

/** How long it may take to answer, in milliseconds; it promises a second. */
const answerMs = 5000;

/** Asks the server at this origin whether it is ready. Throws `ConfigurationError` where it is no origin. */
export async function examineServer(text: string, now: number): Promise<readonly Finding[]> {
  const url = URL.parse(text);
  if (url === null || !/^https?:$/.test(url.protocol) || `${url.origin}/` !== url.href)
    throw new ConfigurationError(
      `The server is an origin such as https://seats.example.com, and not ${text}.`,
    );
  const { origin, protocol, hostname } = url;
  if (protocol === 'https:') return [...(await examineTls(url, now)), await askReady(origin)];
  const isHere = isLoopback(hostname.replaceAll(/[[\]]/g, ''));
  return [
    ...(isHere
      ? []
      : [
          warning(
            'tls',
            `${origin} is asked without TLS, and secrets and tokens would be sent so.`,
            'Use its https origin, and let nobody reach the server without TLS.',
          ),
        ]),
    await askReady(origin),
  ];
}

async function askReady(origin: string): Promise<Finding> {
  const path = operations.getReadiness.path;
  try {
    const answer = await fetch(`${origin}${path}`, {
      redirect: 'manual',
      signal: AbortSignal.timeout(answerMs),
    });
    const body: unknown = await answer.json().catch(() => undefined);
    if (answer.status === 200 && memberOf(body, 'status') === 'ready')
      return ok('server', `The server at ${origin} is ready.`);
    const code = memberOf(body, 'code');
    if (isProblemCode(code)) {
      return problem(
        'server',
        `The server at ${origin} does not take requests: ${problems[code].title}`,
        'See the line of its log that begins the fault, and "Seen from outside" of the operating manual.',
      );
    }
    return problem(
      'server',
      `What answers at ${origin} is no seatledger server: ${path} is ${answer.status}.`,
      'Check the URL, and what stands before the server.',
    );
  } catch (error) {
    return problem(
      'server',
      `The server at ${origin} does not answer (${reasonOf(error)}).`,
      'Check that it runs, that its address is right, and what stands between.',
    );
  }
}

/** The certificate is looked at whoever signed it: whether it is trusted, the question after it tells. */
async function examineTls({ hostname, port, origin }: URL, now: number): Promise<readonly Finding[]> {
  const host = hostname.replaceAll(/[[\]]/g, '');
  const name = isIP(host) === 0 ? { servername: host } : {};
  const socket = connect({
    host,
    port: port === '' ? 443 : Number(port),
    rejectUnauthorized: false,
    ...name,
  });
  try {
    await once(socket, 'secureConnect', { signal: AbortSignal.timeout(answerMs) });
    const certificate: X509Certificate | undefined = socket.getPeerX509Certificate();
    return certificate === undefined ? [] : [examineCertificate(certificate, origin, now)];
  } catch {
    // That nobody answers is found by the question after it.
    return [];
  } finally {
    socket.destroy();
  }
}

/** The code of the innermost cause: what a client of HTTP throws says only that it failed. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  if (error.cause instanceof Error) return reasonOf(error.cause);
  return 'code' in error && typeof error.code === 'string' ? error.code : error.name;
}

function memberOf(body: unknown, name: string): unknown {
  return typeof body === 'object' && body !== null ? Reflect.get(body, name) : undefined;
}

function isProblemCode(code: unknown): code is ProblemCode {
  return typeof code === 'string' && Object.hasOwn(problems, code);
}

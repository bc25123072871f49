/**
 * What the PowerShell module TychoLoke/avepoint-elements-powershell sends, and what it needs of the answers. Source: its files
 * `Invoke-AvptWebRequest.ps1`, `Invoke-AvptPagedOperation.ps1` and `Get-AvptScopeBundleCatalog.ps1`, state of 2026-03.
 */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { text } from 'node:stream/consumers';

/** The scopes that every cmdlet for customers and seats asks for in one token. */
export const commonBundle = [
  'elements.customers.read.all',
  'elements.customers.readwrite.all',
  'elements.license.read.all',
  'elements.license.readwrite.all',
  'elements.scanprofiles.read.all',
  'elements.jobs.read.all',
  'elements.cbprotected.read.all',
] as const;

/** More pages than any list of a test has: the module itself would never end. */
const pagesMax = 1000;
const retriesMax = 3;
const transient: readonly number[] = [408, 429, 500, 502, 503, 504];

export interface PowerShellClient {
  /** How long it slept between attempts, in seconds. */
  readonly slept: readonly number[];
  /** What the answer parses to. Fails with the message that the module would show. */
  invoke(method: string, path: string, body?: unknown): Promise<unknown>;
  /** As with `-All`. */
  all(path: string, options: { body: unknown; pageSize: number }): Promise<readonly unknown[]>;
}

export function powerShellClient(
  url: string,
  { getToken, onPage = async () => {} }: { getToken: () => Promise<string>; onPage?: () => Promise<unknown> },
): PowerShellClient {
  const slept: number[] = [];
  let token: string | undefined;

  const client: PowerShellClient = {
    slept,
    async invoke(method, path, body) {
      for (let attempt = 1; ; attempt++) {
        token ??= await getToken();
        const { statusCode = 0, headers, content } = await send(`${url}${path}`, method, token, body);
        const parsed = parse(content);
        if (statusCode >= 200 && statusCode < 300) return parsed;
        if (statusCode === 401) token = undefined;
        if (attempt > retriesMax || !(statusCode === 401 || transient.includes(statusCode))) {
          const message = (parsed as { message?: unknown } | null)?.message;
          assert.equal(typeof message, 'string', 'the module would show the raw body');
          throw new Error(`${statusCode}: ${String(message)}`);
        }
        slept.push(delayOf(headers['retry-after'], attempt));
      }
    },
    async all(path, { body, pageSize }) {
      const results: unknown[] = [];
      for (let pageIndex = 1; pageIndex <= pagesMax; pageIndex++) {
        const paged = `${path}?pageSize=${pageSize}&pageIndex=${pageIndex}`;
        const answer = (await client.invoke('POST', paged, body)) as {
          data?: readonly unknown[];
          metadata?: { totalCount: number };
        };
        assert.ok(answer.data !== undefined, 'the module would add a null element');
        results.push(...answer.data);
        if (answer.metadata === undefined || results.length >= answer.metadata.totalCount) return results;
        await onPage();
      }
      return assert.fail('the module would never end');
    },
  };
  return client;
}

/** The cast to an integer, which throws for a date. */
function delayOf(retryAfter: string | undefined, attempt: number): number {
  if (retryAfter === undefined) return Math.min(2 ** attempt, 8);
  assert.match(retryAfter, /^\d+$/, 'the cast to an integer would throw');
  return Number(retryAfter);
}

/** `fetch` sends no body with GET; PowerShell does. */
async function send(url: string, method: string, token: string, body: unknown) {
  const sent = body === undefined ? undefined : JSON.stringify(body, undefined, 2);
  const asking = request(url, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      ...(sent === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': Buffer.byteLength(sent) }),
    },
  });
  asking.end(sent);
  const [answer] = (await once(asking, 'response')) as [IncomingMessage];
  return { statusCode: answer.statusCode, headers: answer.headers, content: await text(answer) };
}

function parse(content: string): unknown {
  try {
    return content === '' ? null : JSON.parse(content);
  } catch {
    return content;
  }
}

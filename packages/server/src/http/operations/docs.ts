import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { operations } from '@seatledger/contract';
import { fastify } from 'fastify';
import { codingFor } from '../accept.ts';
import { isAnsweredByTag, varyBy, weakTag } from '../conditional.ts';
import type { Route } from '../route.ts';

/**
 * The page's own: scripts are the one of this server and those in the page itself, by their hashes; the document comes from this
 * server, and styles are made by the script.
 */
function policyOf(html: string): string {
  const hashes = [...html.matchAll(/<script[^>]*>([^]*?)<\/script>/g)]
    .filter(([, text = '']) => text.trim() !== '')
    .map(([, text = '']) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return [
    "default-src 'none'",
    `script-src 'self' ${hashes.join(' ')}`,
    "style-src 'unsafe-inline'",
    "img-src 'self' data:",
    "font-src 'self' data:",
    "connect-src 'self'",
    "frame-ancestors 'none'",
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
}

interface Page {
  readonly html: string;
  readonly policy: string;
  readonly script: string;
  readonly zippedScript: Buffer;
  /** Weak: the script is sent in two codings. */
  readonly tags: { readonly html: string; readonly script: string };
}

/** The API reference. Its script is of 5 MB, so that nothing of it is loaded before somebody asks. */
export function docs(): readonly Route[] {
  let made: Promise<Page> | undefined;
  const page = () => (made ??= makePage());
  return [
    {
      operation: operations.getDocs,
      async answer(request, reply) {
        const { html, policy, tags } = await page();
        void reply.header('content-security-policy', policy);
        if (isAnsweredByTag(request, reply, tags.html)) return reply;
        return reply.type('text/html; charset=utf-8').serializer(String).send(html);
      },
    },
    {
      operation: operations.getDocsScript,
      async answer(request, reply) {
        const { script, zippedScript, tags } = await page();
        varyBy(reply, 'Accept-Encoding');
        void reply.header('cache-control', 'private, max-age=3600');
        if (isAnsweredByTag(request, reply, tags.script)) return reply;
        void reply.type('application/javascript; charset=utf-8').serializer(String);
        if (codingFor(request.headers['accept-encoding'], ['gzip']) === undefined) return reply.send(script);
        return reply.header('content-encoding', 'gzip').send(zippedScript);
      },
    },
  ];
}

/** What the plugin answers, on a server of its own that nobody else reaches. */
async function makePage(): Promise<Page> {
  const { default: apiReference } = await import('@scalar/fastify-api-reference');
  const app = fastify();
  await app.register(apiReference, {
    routePrefix: '/docs',
    configuration: {
      url: operations.getOpenApiDocument.path,
      cdn: operations.getDocsScript.path,
      pageTitle: 'seatledger API',
      withDefaultFonts: false,
      telemetry: false,
      showDeveloperTools: 'never',
      hideClientButton: true,
      agent: { disabled: true },
      mcp: { disabled: true },
    },
  });
  const [html, script] = await Promise.all(
    ['/docs/', '/docs/js/scalar.js'].map(async (url) => (await app.inject(url)).body),
  );
  await app.close();
  if (html === undefined || script === undefined) throw new Error('the plugin has a page and a script');
  return {
    html,
    policy: policyOf(html),
    script,
    zippedScript: await promisify(gzip)(script),
    tags: { html: weakTag([html]), script: weakTag([script]) },
  };
}

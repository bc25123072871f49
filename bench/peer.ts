/**
 * What seatledger is measured against, each in a process of its own: `node bench/peer.ts KIND [DATABASE]`.
 *
 * It prints the port that it listens on, and ends with its parent's pipe.
 */

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const body = '{"productType":2048,"availableUserSeat":25}';
const path = '/partner/external/v3/general/customers/:customerId/avpt-products/type/:productType/overview';

const peers: Readonly<Record<string, () => Promise<number>>> = {
  node: bareNode,
  fastify: fastifyConstant,
  select: fastifySelect,
  prism: () => prism({ one: false }),
  'prism-one': () => prism({ one: true }),
  'json-server': jsonServer,
};

async function bareNode(): Promise<number> {
  const headers = { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length };
  const server = createServer((_request, response) => response.writeHead(200, headers).end(body));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

const answerSchema = {
  type: 'object',
  properties: { productType: { type: 'integer' }, availableUserSeat: { type: 'integer' } },
  required: ['productType', 'availableUserSeat'],
};
const response: Readonly<Record<string, object>> = { 200: answerSchema };

async function fastifyConstant(): Promise<number> {
  const { fastify } = await import('fastify');
  const app = fastify();
  app.get(path, { schema: { response } }, async () => ({ productType: 2048, availableUserSeat: 25 }));
  return listening(app);
}

/** One prepared select by its key on the file of the server, and nothing of rights, permissions, scopes or headers. */
async function fastifySelect(): Promise<number> {
  const folder = process.argv[3];
  if (folder === undefined) throw new Error('name the data folder');
  const { fastify } = await import('fastify');
  const database = new DatabaseSync(join(folder, 'seatledger.db'), { readOnly: true });
  // As much of the file in memory as the server keeps.
  database.exec('pragma cache_size = -16384');
  const holding = database.prepare(
    'select timeline, assigned from holdings where partner_id = 1 and customer_id = ? and product_type = ?',
  );
  const app = fastify();
  app.get(path, { schema: { response } }, async (request, reply) => {
    const { customerId, productType } = request.params as { customerId: string; productType: string };
    const type = Number(productType);
    const row = holding.get(customerId, type) as { timeline: string; assigned: number } | undefined;
    if (row === undefined) return reply.code(404).send({ code: 'customer_not_found' });
    const timeline = JSON.parse(row.timeline) as [number, number][];
    return { productType: type, availableUserSeat: (timeline.at(-1)?.[1] ?? 0) - row.assigned };
  });
  return listening(app);
}

async function listening(app: { listen: (on: object) => Promise<string> }): Promise<number> {
  return Number(new URL(await app.listen({ port: 0, host: '127.0.0.1' })).port);
}

/**
 * A mock of the API, as who has its document and needs a server to try against would start one; the answer is the document's example. Its
 * routing takes the longer the more operations there are: with `one`, the document has that of the seat read alone.
 */
async function prism({ one }: { one: boolean }): Promise<number> {
  const { getHttpOperationsFromSpec } = await import('@stoplight/prism-http');
  const { createServer: createPrism } = await import('@stoplight/prism-http-server');
  const { openApiDocument } = await import('@seatledger/contract');
  const { pino } = await import('pino');
  const document = openApiDocument({ publicUrl: 'http://127.0.0.1', version: '1' }) as {
    paths: Record<string, object>;
  };
  const asked = path.replaceAll(/:(\w+)/g, '{$1}');
  const paths = one ? { [asked]: document.paths[asked] } : document.paths;
  const mock = createPrism(await getHttpOperationsFromSpec({ ...document, paths }), {
    components: { logger: Object.assign(pino({ level: 'silent' }), { success: () => undefined }) },
    cors: false,
    config: {
      isProxy: false,
      upstreamProxy: undefined,
      mock: { dynamic: false },
      checkSecurity: true,
      validateRequest: true,
      validateResponse: true,
      errors: false,
    },
  });
  return Number(new URL(await mock.listen(0, '127.0.0.1')).port);
}

async function jsonServer(): Promise<number> {
  // It has no types of its own.
  const name: string = 'json-server';
  const { default: json } = (await import(name)) as { default: JsonServer };
  const server = json.create();
  server.use(json.rewriter({ [path]: '/overview' }));
  server.use(json.router({ overview: JSON.parse(body) }));
  const listener = server.listen(0, '127.0.0.1');
  await new Promise((resolve) => listener.once('listening', resolve));
  return listener.address().port;
}

interface JsonServer {
  create(): {
    use(part: unknown): void;
    listen(
      port: number,
      host: string,
    ): { once(event: string, on: (value: unknown) => void): void; address(): AddressInfo };
  };
  rewriter(paths: object): unknown;
  router(data: object): unknown;
}

const kind = process.argv[2] ?? '';
const start = peers[kind];
if (start === undefined) throw new Error(`name one of ${Object.keys(peers).join(', ')}`);
console.log(await start());
process.stdin.once('end', () => process.exit()).resume();

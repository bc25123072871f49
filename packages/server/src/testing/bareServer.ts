/** The HTTP server without anything behind it, for what it promises whatever is asked. */

import type { Readable } from 'node:stream';
import type { ImportReport, Operation } from '@seatledger/contract';
import { pino } from 'pino';
import { importLines } from '../http/operations/importLines.ts';
import type { Route } from '../http/route.ts';
import { createHttpServer, type HttpServerOptions } from '../http/server.ts';
import type { Caller } from '../identity/index.ts';

export interface BareServer {
  readonly url: string;
  readonly app: ReturnType<typeof createHttpServer>;
  stop(): Promise<void>;
}

const answer = { status: 200, description: '' } as const;
const open: Operation = {
  id: 'open',
  method: 'GET',
  path: '/open',
  tag: 'Server',
  summary: '',
  answer,
  problems: [],
};
const guarded: Operation = {
  ...open,
  id: 'guarded',
  path: '/guarded',
  tag: 'Partner contract',
  permission: 'seatledger.read',
};
const writing: Operation = { ...guarded, id: 'writing', method: 'POST', body: { 'application/json': {} } };

const routes: readonly Route[] = [
  // Told as the framework has it.
  { operation: open, answer: async ({ ip }) => ({ ip }) },
  { operation: guarded, answer: async () => ({}) },
  { operation: writing, answer: async () => ({}) },
  importLines(async (body: Readable) => {
    for await (const _ of body);
    return report;
  }),
];

const report: ImportReport = {
  dryRun: false,
  lines: 0,
  added: 0,
  changed: 0,
  unchanged: 0,
  ended: 0,
  customersCreated: 0,
  endedLines: [],
  sequence: 0,
};

/** A token is the name of an app, which may do everything; `none` is the token of nobody, and `meek` may do nothing. */
function authenticate(token: string): { caller: Caller } | { refused: 'token_invalid' } {
  if (token === 'none') return { refused: 'token_invalid' };
  const caller: Partial<Caller> = {
    clientId: token,
    partnerId: 1,
    customers: 'all',
    revision: '2025-09-26',
    may: () => token !== 'meek',
  };
  return { caller: caller as Caller };
}

/** Serves `/open` to everybody, `GET` and `POST /guarded` and the import to apps. */
export async function startBareServer(options: Partial<HttpServerOptions> = {}): Promise<BareServer> {
  let lastId = 0;
  const app = createHttpServer({
    routes,
    authenticate,
    logger: pino({ level: 'silent' }),
    newId: () => `id-${++lastId}`,
    ...options,
  });
  const url = await app.listen({ host: '127.0.0.1', port: 0 });
  return { url, app, stop: () => app.close() };
}

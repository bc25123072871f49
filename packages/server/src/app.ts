/** The composition root: builds the server from its parts. */

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import type { MakeChange } from './changes.ts';
import type { ServeConfig } from './config.ts';
import {
  apps,
  assignments,
  createHttpServer,
  customers,
  discovery,
  events,
  getCustomerUserSeats,
  getSeats,
  groups,
  importLines,
  issueToken,
  lines,
  listSeats,
  ordersOf,
  pools,
  reference,
  seatHistory,
  tenants,
} from './http/index.ts';
import { oneAtATime } from './idempotentOrders.ts';
import {
  createAuthentication,
  createTokenGrant,
  createTokens,
  loadSigningKeys,
  readRights,
} from './identity/index.ts';
import { createImports } from './imports.ts';
import { readHistory, readPools, readSeats } from './ledger/index.ts';
import { type Clock, type OpenLedger, openLedger, systemClock } from './openLedger.ts';
import { loadSample, type SampleApp } from './sample.ts';

export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  /** What it says of itself: the issuer of its tokens. */
  readonly publicUrl: string;
  readonly sampleApp: SampleApp | undefined;
  /** Answers what is in flight, then closes the store. */
  stop(): Promise<void>;
}

/** How long requests in flight may take once the server stops, in milliseconds; with the writer's own time it ends within 5 s. */
const stopMs = 3500;

/** Throws `StoreUnavailableError`, and the error of the system where the address cannot be listened on. */
export async function startServer(config: ServeConfig, clock: Clock = systemClock): Promise<RunningServer> {
  const logger = pino({ level: config.logLevel }, pino.destination({ dest: 2, sync: true }));
  const ledger = await openLedger(config.place, {
    clock,
    create: true,
    onWriterDeath(error) {
      // Without its writer the process can acknowledge nothing; whoever keeps it running starts it anew.
      logger.fatal({ err: error }, 'the writer has died');
      process.exit(1);
    },
  });
  try {
    return await startOn(ledger, { config, clock, logger });
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

async function startOn(
  ledger: OpenLedger,
  { config, clock, logger }: { config: ServeConfig; clock: Clock; logger: pino.Logger },
): Promise<RunningServer> {
  const { reads, staging } = ledger;
  const rights = readRights(reads.identity, () => performance.now());
  const make: MakeChange = oneAtATime(async (order) => {
    const result = await ledger.make(order);
    // Everything else leaves rights as they are, and remembering them is what makes an answer quick.
    if (order.kind.startsWith('app.')) rights.forget();
    return result;
  });
  const order = ordersOf(make, clock);
  const imports = createImports({ staging, make, clock });

  const keys = await loadSigningKeys(ledger.keys, clock);
  // Known once the server listens, which is before anybody can ask.
  const publicUrl = () => config.publicUrl ?? listeningUrl();
  const tokens = createTokens({ keys, clock, issuer: publicUrl, newId: randomUUID });
  const seats = readSeats(reads, clock);
  const app = createHttpServer({
    logger,
    newId: randomUUID,
    authenticate: createAuthentication({ tokens, rights }),
    routes: [
      getCustomerUserSeats(seats),
      issueToken(createTokenGrant({ apps: reads.identity, tokens, clock })),
      ...discovery(publicUrl, keys),
      listSeats(seats, reads.estate),
      getSeats(seats, reads.estate),
      ...seatHistory({ seats, history: readHistory(reads), estate: reads.estate }),
      ...events(reads.record),
      importLines(imports.importBody),
      ...customers(reads.estate, order),
      ...tenants(reads.estate, order),
      ...groups(reads.estate, order),
      ...pools({ ledger: reads.ledger, count: readPools(reads.ledger, clock) }, order, clock),
      ...lines(reads, order, clock),
      ...assignments(reads, order),
      ...apps(reads.identity, order),
      ...reference(publicUrl, packageJson.version),
    ],
  });
  function listeningUrl(): string {
    const address = app.server.address() as AddressInfo;
    return originOf(config.host, address.port);
  }

  await app.listen({ host: config.host, port: config.port });
  // Only once it listens: a secret that nobody gets to see would be lost.
  const { sampleFile } = config;
  const sampleApp =
    sampleFile === undefined
      ? undefined
      : await loadSample(sampleFile, { estate: reads.estate, make, imports, clock }).catch(
          async (error: unknown) => {
            await app.close();
            throw error;
          },
        );

  return {
    url: listeningUrl(),
    publicUrl: publicUrl(),
    sampleApp,
    async stop() {
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const cut = setTimeout(() => {
        app.server.closeAllConnections();
        resolve();
      }, stopMs);
      await app.close();
      await Promise.race([imports.settled(), late]);
      clearTimeout(cut);
      await ledger.close();
    },
  };
}

/** A host that means every address is spoken to by the one of this machine. */
function originOf(host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `http://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

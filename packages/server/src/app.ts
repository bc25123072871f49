/** The composition root: builds the server from its parts. */

import { randomUUID } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import type { Logger } from 'pino';
import packageJson from '../package.json' with { type: 'json' };
import { createBackups } from './backups.ts';
import { changesOfRights, type MakeChange } from './changes.ts';
import { watchClock } from './clockWatch.ts';
import { isReachedByTls, type ServeConfig, type TlsFiles } from './config.ts';
import {
  addService,
  apps,
  assignments,
  batchCustomers,
  batchServices,
  batchTenants,
  boundConnections,
  clientsOf,
  createBackup,
  createFailureLimit,
  createFaultLog,
  createHttpServer,
  createRateLimit,
  customers,
  discovery,
  docs,
  events,
  getCustomerUserSeats,
  getSeats,
  groups,
  importLines,
  lines,
  listSeats,
  onboardCustomer,
  openStreams,
  ordersOf,
  pools,
  probes,
  reference,
  renewTls,
  seatHistory,
  streamEvents,
  tenants,
  type TlsPair,
  tokens,
  turnMsMax,
  watchLoad,
} from './http/index.ts';
import { oneAtATime } from './idempotentOrders.ts';
import { readRights } from './identity/index.ts';
import { createImports } from './imports.ts';
import { readHistory, readPools, readSeats } from './ledger/index.ts';
import { openLog } from './log.ts';
import { openManagement } from './management.ts';
import { observe } from './observation.ts';
import { openIdentity } from './openIdentity.ts';
import { type Clock, type OpenLedger, openLedger, systemClock } from './openLedger.ts';
import { watchReadiness } from './readiness.ts';
import { watchHeads } from './record/index.ts';
import { loadSample, type SampleApp } from './sample.ts';
import { readTlsPair } from './tlsFiles.ts';

export interface RunningServer {
  /** Where it listens. */
  readonly url: string;
  /** What it says of itself: the issuer of its tokens. */
  readonly publicUrl: string;
  /** Where metrics are served. */
  readonly metricsUrl: string | undefined;
  readonly sampleApp: SampleApp | undefined;
  /** Reads the files of TLS again, for connections that come from then on; what is wrong with them is logged, and nothing changes. */
  readonly renewCertificate: (() => void) | undefined;
  /** Answers what is in flight, then closes the store. */
  stop(): Promise<void>;
}

/** How long requests in flight may take once the server stops, in milliseconds; with the writer's own time it ends within 5 s. */
const stopMs = 3500;

/** Throws `ConfigurationError`, `StoreUnavailableError`, and the error of the system where the address cannot be listened on. */
export async function startServer(config: ServeConfig, clock: Clock = systemClock): Promise<RunningServer> {
  const logger = openLog(config);
  const tls = config.tls === undefined ? undefined : readTlsPair(config.tls);
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
    return await startOn(ledger, { config, tls, clock, logger });
  } catch (error) {
    await ledger.close();
    throw error;
  }
}

interface Starting {
  readonly config: ServeConfig;
  readonly tls: TlsPair | undefined;
  readonly clock: Clock;
  readonly logger: Logger;
}

async function startOn(ledger: OpenLedger, { config, tls, clock, logger }: Starting): Promise<RunningServer> {
  const { reads, staging } = ledger;
  const monotonicMs = () => performance.now();
  const observation = observe();
  const faults = createFaultLog(logger, { monotonicMs });
  const rights = readRights(reads.identity, monotonicMs);
  const heads = watchHeads(reads.record);
  const make: MakeChange = oneAtATime(async (order) => {
    const result = await ledger.make(order);
    // Everything else leaves rights as they are, and remembering them is what makes an answer quick.
    if (changesOfRights.has(order.kind)) rights.forget();
    heads.changed(order.partnerId);
    return result;
  });
  const order = ordersOf(make, clock);
  const imports = createImports({ staging, make, clock });
  const backups = createBackups({ place: config.place, staging, clock });

  // Known once the server listens, which is before anybody can ask.
  const publicUrl = () => config.publicUrl ?? listeningUrl();
  const identity = await openIdentity(ledger, {
    make,
    rights,
    clock,
    monotonicMs,
    publicUrl,
    newId: randomUUID,
    onError: (error) => faults.note('signing_keys_unread', { err: error }),
  });
  const rateLimit =
    config.rateLimit === 0
      ? undefined
      : observation.countedRateLimit(createRateLimit({ perSecond: config.rateLimit, monotonicMs }));
  const failures = observation.countedFailures(createFailureLimit({ monotonicMs }));
  const clientOf = clientsOf(identity.authenticateClient, { failures, rateLimit });
  const seats = readSeats(reads, clock);
  const streams = openStreams(identity.authenticate, monotonicMs);
  const readiness = watchReadiness({
    probe: ledger.probe,
    requireKeys: () => identity.keys.requireRead(),
    monotonicMs,
  });
  const app = createHttpServer({
    logger,
    newId: randomUUID,
    authenticate: identity.authenticate,
    rateLimit,
    requests: observation.requests,
    faults,
    load: watchLoad({ monotonicMs, turnMs: turnMsMax }),
    access: { ...config, tls, isReachedByTls: isReachedByTls(config) },
    routes: [
      getCustomerUserSeats(seats),
      batchCustomers(reads.estate),
      onboardCustomer(order),
      addService(reads.estate, order),
      batchServices(reads, seats),
      batchTenants(reads.estate),
      ...tokens(clientOf, { ...identity, publicUrl }),
      ...discovery(publicUrl, identity.keys),
      listSeats(seats, reads.estate, packageJson.version),
      getSeats(seats, reads.estate),
      ...seatHistory({ seats, history: readHistory(reads), estate: reads.estate }),
      ...events(reads.record, packageJson.version),
      streamEvents(reads.record, heads, streams),
      importLines(imports.importBody),
      createBackup(backups.backUp),
      ...customers(reads.estate, order),
      ...tenants(reads.estate, order),
      ...groups(reads.estate, order),
      ...pools({ ledger: reads.ledger, count: readPools(reads.ledger, clock) }, order, clock),
      ...lines(reads, order, clock),
      ...assignments(reads, order),
      ...apps(reads.identity, order),
      ...reference(publicUrl, packageJson.version),
      ...docs(),
      ...probes(() => readiness.require()),
    ],
  });
  boundConnections(app.server, {
    connectionsMax: config.maxConnections,
    trustedProxies: config.trustedProxies,
    monotonicMs,
    onRefusal: (open) => logger.warn({ open }, 'connections are closed at once: there are too many'),
  });
  // Kept, since a server that stops has no address any more, and answers what was on its way.
  let listening: string | undefined;
  function listeningUrl(): string {
    if (listening === undefined) {
      const { port } = app.server.address() as AddressInfo;
      listening = originOf(tls === undefined ? 'http' : 'https', config.host, port);
    }
    return listening;
  }

  const renewing = (files: TlsFiles) => () => {
    try {
      renewTls(app.server, readTlsPair(files));
      logger.info('the certificate was renewed');
    } catch (error) {
      logger.error({ err: error }, 'the certificate was not renewed');
    }
  };

  // By its name the framework would listen twice, the second time without all that it was told.
  const host = config.host === 'localhost' ? '127.0.0.1' : config.host;
  await app.listen({ host, port: config.port }).catch((error: unknown) => {
    identity.close();
    throw error;
  });
  logger.info(`Server listening at ${listeningUrl()}`);
  const management =
    config.metrics &&
    (await openManagement(config.metrics, {
      api: app.server,
      observation,
      readiness,
      newId: randomUUID,
      version: packageJson.version,
      ledger: ledger.figures,
      memories: { tokens: identity.tokenUses, rights: rights.apps.uses, revocations: rights.tokens.uses },
      gauges: {
        seatledger_imports_underway: { help: 'Imports that are underway.', read: () => imports.underway() },
        seatledger_streams_open: { help: 'Event streams that are open.', read: () => streams.count() },
      },
    }).catch(async (error: unknown) => {
      identity.close();
      await app.close();
      throw error;
    }));
  const clockWatch = watchClock({
    clock,
    monotonicMs,
    onSetBack: (byMs) => logger.warn({ byMs }, 'the clock of this machine was set back'),
  });
  // Only once it listens: a secret that nobody gets to see would be lost.
  const { sampleFile } = config;
  const sampleApp =
    sampleFile === undefined
      ? undefined
      : await loadSample(sampleFile, { estate: reads.estate, make, imports, clock }).catch(
          async (error: unknown) => {
            identity.close();
            await Promise.all([app.close(), management?.close()]);
            throw error;
          },
        );

  // Whoever waits for the server is answered first; the first change is not to wait either.
  ledger.prepareToMake();

  return {
    url: listeningUrl(),
    publicUrl: publicUrl(),
    metricsUrl: management?.url,
    sampleApp,
    renewCertificate: config.tls && renewing(config.tls),
    async stop() {
      readiness.stop();
      const { promise: late, resolve } = Promise.withResolvers<void>();
      const cut = setTimeout(() => {
        app.server.closeAllConnections();
        imports.giveUp();
        resolve();
      }, stopMs);
      await app.close();
      await Promise.race([imports.settled(), late]);
      await backups.stop();
      clearTimeout(cut);
      clockWatch.close();
      identity.close();
      await management?.close();
      await ledger.close();
    },
  };
}

/** A host that means every address is spoken to by the one of this machine. */
function originOf(scheme: 'http' | 'https', host: string, port: number): string {
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  return `${scheme}://${name.includes(':') ? `[${name}]` : name}:${port}`;
}

/** The process: starts the server, and stops it when the system or a person says so. */

import { setFlagsFromString } from 'node:v8';
import { type RunningServer, startServer } from './app.ts';
import { readServeConfig, type ServeFlags, type StorePlace } from './config.ts';

export interface ServerReady {
  readonly url: string;
  readonly publicUrl: string;
  /** Undefined where metrics are not served. */
  readonly metricsUrl: string | undefined;
  /** Undefined where the store is in a database. */
  readonly dataFolder: string | undefined;
  readonly sampleApp?: { readonly clientId: string; readonly clientSecret: string };
}

/**
 * Left alone, V8 lets old objects grow to a multiple of what is alive before it looks what can go. Bounded only once the server has started:
 * what a start makes stays, and to look through it again and again would take a fifth of its processor time.
 */
const oldObjectsBound = '--heap-growing-percent=30';

/**
 * Runs the server until SIGINT or SIGTERM; resolves after a clean stop. A second signal ends the process at once. SIGHUP has a server
 * with TLS read its certificate again, and stops one without as the others do.
 *
 * Throws `ConfigurationError` and `StoreUnavailableError`.
 */
export async function serve(
  flags: ServeFlags,
  onReady: (ready: ServerReady) => void | Promise<void>,
): Promise<void> {
  const config = readServeConfig(flags);
  const stopped = firstSignal(
    config.tls === undefined ? ['SIGINT', 'SIGTERM', 'SIGHUP'] : ['SIGINT', 'SIGTERM'],
  );
  const server = await startServer(config);
  setFlagsFromString(oldObjectsBound);
  const { renewCertificate } = server;
  if (renewCertificate !== undefined) process.on('SIGHUP', renewCertificate);
  try {
    await Promise.race([tell(server, config.place, onReady), stopped]);
    await stopped;
  } finally {
    await server.stop();
    if (renewCertificate !== undefined) process.off('SIGHUP', renewCertificate);
  }
}

async function tell(
  { url, publicUrl, metricsUrl, sampleApp }: RunningServer,
  place: StorePlace,
  onReady: (ready: ServerReady) => void | Promise<void>,
): Promise<void> {
  const dataFolder = place.kind === 'folder' ? place.path : undefined;
  await onReady({
    url,
    publicUrl,
    metricsUrl,
    dataFolder,
    ...(sampleApp === undefined ? {} : { sampleApp }),
  });
}

function firstSignal(signals: readonly NodeJS.Signals[]): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of signals) {
      process.once(signal, () => {
        // The next one finds no listener and ends the process as it would any other.
        for (const other of signals) process.removeAllListeners(other);
        resolve();
      });
    }
  });
}

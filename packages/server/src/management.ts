/** The listener for those who keep the server running, and what it is asked for. */

import { once } from 'node:events';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { ListenAddress } from './config.ts';
import { createManagementServer } from './http/index.ts';
import { watchProcess } from './metrics/index.ts';
import type { Observation, Watched } from './observation.ts';
import type { Readiness } from './readiness.ts';

export interface Management {
  /** Where it listens. */
  readonly url: string;
  close(): Promise<void>;
}

/** Throws the error of the system where the address cannot be listened on. */
export async function openManagement(
  { host, port }: ListenAddress,
  {
    api,
    observation,
    readiness,
    newId,
    ...watched
  }: Omit<Watched, 'connections' | 'probe' | 'process'> & {
    /** Whose connections are counted. */
    readonly api: Server;
    readonly observation: Observation;
    readonly readiness: Readiness;
    readonly newId: () => string;
  },
): Promise<Management> {
  const process = watchProcess();
  const server = createManagementServer({
    newId,
    requireReady: () => readiness.require(),
    readMetrics: () =>
      observation.read({
        ...watched,
        process: process.families,
        connections: () => connectionsOf(api),
        probe: () => readiness.probe(),
      }),
  });
  try {
    server.listen({ host, port });
    await once(server, 'listening');
  } catch (error) {
    process.stop();
    throw error;
  }
  const { port: listening } = server.address() as AddressInfo;
  return {
    url: `http://${host.includes(':') ? `[${host}]` : host}:${listening}`,
    async close() {
      process.stop();
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) =>
    server.getConnections((error, count) => (error === null ? resolve(count) : reject(error))),
  );
}

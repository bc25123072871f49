/** Requests of a measurement on kept connections: at a fixed rate, or as fast as so many clients can. */

import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import type { BenchServer } from './benchServer.ts';

export interface Asked {
  readonly path: string;
  /** Sent with a POST. */
  readonly body?: object;
}

export interface Clients {
  /**
   * Sends so many requests a second until `isOver`, whether or not the ones before are answered. Milliseconds of each, from when it was due:
   * what waits behind a slow answer counts as slow too.
   */
  atRate(perSecond: number, isOver: () => boolean, next: () => Asked): Promise<number[]>;
  /** How many answers so many clients get, each sending one request after the other until `isOver`. */
  asFastAs(count: number, isOver: () => boolean, next: () => Asked): Promise<number>;
  close(): void;
}

export function openClients({ url, token }: BenchServer, connections: number): Clients {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });

  async function send({ path, body }: Asked): Promise<void> {
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    };
    const sent = request(url + path, { agent, method: body === undefined ? 'GET' : 'POST', headers });
    sent.end(body === undefined ? undefined : JSON.stringify(body));
    const [answer] = await once(sent, 'response');
    answer.resume();
    await once(answer, 'end');
    if (answer.statusCode >= 300) throw new Error(`${path} is answered ${answer.statusCode}`);
  }

  return {
    async atRate(perSecond, isOver, next) {
      const taken: number[] = [];
      const underway: Promise<unknown>[] = [];
      const failures: unknown[] = [];
      const start = performance.now();
      for (let count = 0; failures.length === 0 && !isOver(); ) {
        const due = Math.floor(((performance.now() - start) * perSecond) / 1000);
        for (; count < due; count++) {
          const dueAt = start + (count * 1000) / perSecond;
          const took = () => taken.push(performance.now() - dueAt);
          // Nobody waits for it yet, and a failure that nobody waits for ends the process, before the server is stopped.
          underway.push(send(next()).then(took, (error: unknown) => failures.push(error)));
        }
        await pause(1);
      }
      await Promise.all(underway);
      if (failures.length > 0) throw failures[0];
      return taken;
    },
    async asFastAs(count, isOver, next) {
      let answers = 0;
      async function client() {
        while (!isOver()) {
          await send(next());
          answers++;
        }
      }
      await Promise.all(Array.from({ length: count }, client));
      return answers;
    },
    close: () => agent.destroy(),
  };
}

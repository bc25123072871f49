/** Requests of a measurement on kept connections: at a fixed rate, or as fast as so many clients can. Every answer is looked at. */

import { setTimeout as pause } from 'node:timers/promises';
import type { BenchServer } from './benchServer.ts';
import { type HttpAnswer, type HttpConnection, openConnection } from './connection.ts';

export interface Asked {
  readonly path: string;
  /** Sent with a POST. */
  readonly body?: object;
  /** What a right answer has in its body. */
  readonly answeredWith: string;
}

/** A line that is added, with the 201 naming it. */
export function addedLine(customerId: string, externalId: string): Asked {
  return {
    path: `/api/v1/customers/${customerId}/lines`,
    body: { productType: 2048, seats: 1, source: 'bench', externalId },
    answeredWith: `"externalId":"${externalId}"`,
  };
}

export interface Clients {
  /**
   * Sends so many requests a second until `isOver`, whether or not the ones before are answered. Milliseconds of each, from when it was due:
   * what waits behind a slow answer counts as slow too, and what waits for a connection.
   */
  atRate(perSecond: number, isOver: () => boolean, next: () => Asked): Promise<number[]>;
  /** How many answers so many clients get, each sending one request after the other until `isOver`. */
  asFastAs(count: number, isOver: () => boolean, next: () => Asked): Promise<number>;
  close(): void;
}

/** Fails a request that is not answered with 200, or 201 where it is a POST. Connections are opened as they are needed. */
export function openClients({ url, token }: BenchServer, connections: number): Clients {
  const head = `Host: 127.0.0.1\r\nAuthorization: Bearer ${token}\r\n`;
  const port = Number(new URL(url).port);
  const free: Client[] = [];
  const waiting: ((client: Client) => void)[] = [];
  let opened = 0;

  /** The one that has been free for longest, so that none is for long; what the server has closed meanwhile is left out. */
  function take(): Client | Promise<Client> {
    for (let client = free.shift(); client !== undefined; client = free.shift()) {
      if (client.isOpen()) return client;
      opened--;
    }
    if (opened >= connections) return new Promise((resolve) => void waiting.push(resolve));
    opened++;
    return openClient(port, head);
  }
  function giveBack(client: Client) {
    const next = waiting.shift();
    if (next === undefined) free.push(client);
    else next(client);
  }
  async function send(asked: Asked): Promise<void> {
    const client = await take();
    await client.ask(asked);
    giveBack(client);
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
      if (failures.length > 0) throw failures[0];
      await Promise.all(underway);
      if (failures.length > 0) throw failures[0];
      return taken;
    },
    async asFastAs(count, isOver, next) {
      let answers = 0;
      async function askOn() {
        const client = await take();
        while (!isOver()) {
          await client.ask(next());
          answers++;
        }
        giveBack(client);
      }
      await Promise.all(Array.from({ length: count }, askOn));
      return answers;
    },
    close() {
      for (const client of free) client.close();
    },
  };
}

interface Client {
  ask(asked: Asked): Promise<void>;
  isOpen(): boolean;
  close(): void;
}

async function openClient(port: number, head: string): Promise<Client> {
  let underway: (PromiseWithResolvers<void> & { readonly asked: Asked }) | undefined;
  let isOpen = true;
  const connection: HttpConnection = await openConnection(port, {
    onAnswer(answer) {
      // A server says so, unasked, that it closes a connection.
      if (underway === undefined) return;
      const { asked, resolve, reject } = underway;
      underway = undefined;
      if (isRight(answer, asked)) resolve();
      else reject(new Error(`${asked.path} is answered ${answer.status}: ${answer.body}`));
    },
    onFailure(error) {
      isOpen = false;
      underway?.reject(error);
    },
  });
  return {
    ask(asked) {
      underway = { ...Promise.withResolvers<void>(), asked };
      connection.send(textOf(asked, head));
      return underway.promise;
    },
    isOpen: () => isOpen,
    close: () => connection.close(),
  };
}

function textOf({ path, body }: Asked, head: string): string {
  if (body === undefined) return `GET ${path} HTTP/1.1\r\n${head}\r\n`;
  const text = JSON.stringify(body);
  return `POST ${path} HTTP/1.1\r\n${head}Content-Type: application/json\r\nContent-Length: ${text.length}\r\n\r\n${text}`;
}

function isRight({ status, body }: HttpAnswer, asked: Asked): boolean {
  return status === (asked.body === undefined ? 200 : 201) && body.includes(asked.answeredWith);
}

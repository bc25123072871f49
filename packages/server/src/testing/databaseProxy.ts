/** A way to a database that a test can close: what goes through it stops, as it does where a cable is pulled or a server hangs. */

import { once } from 'node:events';
import { type AddressInfo, connect, createServer, type NetConnectOpts, type Socket } from 'node:net';
import { join } from 'node:path';

export interface DatabaseProxy {
  /** The database, by way of the proxy. */
  readonly url: string;
  /** Ends every connection, and each new one at once. */
  cut(): void;
  /** Takes what is sent and passes nothing on, in either direction. */
  freeze(): void;
  /** Passes the next statement with this text in it on, and cuts its connection once the database has answered it: the answer is lost. */
  loseAnswerTo(text: string): void;
  /** Tells the next session that is ready, in the packet that says so, that the database has ended it, and ends it. */
  endOneOnceReady(): void;
  /** Lets everything through again. */
  restore(): void;
  close(): Promise<void>;
}

/** Messages of PostgreSQL's protocol: https://www.postgresql.org/docs/current/protocol-message-formats.html */
const readyForQuery = Buffer.from('Z\0\0\0\x05I', 'latin1');
const terminated = messageOf('E', 'SFATAL\0C57P01\0Mterminating connection\0\0');

function messageOf(type: string, body: string): Buffer {
  const head = Buffer.alloc(5, type, 'latin1');
  head.writeInt32BE(4 + body.length, 1);
  return Buffer.concat([head, Buffer.from(body, 'latin1')]);
}

export async function openDatabaseProxy(url: string): Promise<DatabaseProxy> {
  const target = targetOf(new URL(url));
  const sockets = new Set<Socket>();
  const loses = new WeakSet<Socket>();
  let state: 'cut' | 'frozen' | 'open' = 'open';
  let losing: string | undefined;
  let endsOne = false;

  const proxy = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = connect(target);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (bytes: Buffer) => {
        if (loses.has(far) && from === far) {
          near.destroy();
          return;
        }
        if (from === near && losing !== undefined && bytes.includes(losing)) {
          losing = undefined;
          loses.add(far);
        }
        if (from === far && endsOne && bytes.includes(readyForQuery)) {
          endsOne = false;
          near.end(Buffer.concat([bytes, terminated]));
          return;
        }
        to.write(bytes);
      });
      from.on('error', () => undefined);
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
      if (state === 'frozen') from.pause();
    }
  });
  proxy.listen(0, '127.0.0.1');
  await once(proxy, 'listening');

  const through = new URL(url);
  through.searchParams.delete('host');
  through.hostname = '127.0.0.1';
  through.port = String((proxy.address() as AddressInfo).port);
  const endAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  return {
    url: through.href,
    cut() {
      state = 'cut';
      endAll();
    },
    freeze() {
      state = 'frozen';
      for (const socket of sockets) socket.pause();
    },
    loseAnswerTo(text) {
      losing = text;
    },
    endOneOnceReady() {
      endsOne = true;
    },
    restore() {
      state = 'open';
      for (const socket of sockets) socket.resume();
    },
    async close() {
      endAll();
      proxy.close();
      await once(proxy, 'close');
    },
  };
}

/** A folder in the query is that of a socket, as the driver has it. */
function targetOf({ hostname, port, searchParams }: URL): NetConnectOpts {
  const folder = searchParams.get('host');
  const number = Number(port === '' ? 5432 : port);
  return folder === null ? { host: hostname, port: number } : { path: join(folder, `.s.PGSQL.${number}`) };
}

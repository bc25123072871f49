/** A relay in front of a server, for readers that take an answer as a whole: a stream of events ends with its first bytes. */

import { once } from 'node:events';
import { createServer, type IncomingMessage, request as send } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mediaTypeOf } from './documented.ts';

export interface EndingRelay {
  readonly url: string;
  close(): void;
}

export async function openEndingRelay(url: string): Promise<EndingRelay> {
  const relay = createServer((asked, answered) => {
    const { method, headers } = asked;
    const passedOn = send(new URL(asked.url ?? '/', url), { method, headers }, (answer: IncomingMessage) => {
      answered.writeHead(answer.statusCode ?? 0, answer.headers);
      if (mediaTypeOf(answer.headers['content-type'] ?? '') !== 'text/event-stream') {
        answer.pipe(answered);
        return;
      }
      answer.once('data', (first: Buffer) => {
        answered.end(first);
        passedOn.destroy();
      });
    });
    asked.pipe(passedOn);
  }).listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close() {
      relay.closeAllConnections();
      relay.close();
    },
  };
}

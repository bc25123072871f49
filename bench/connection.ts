/**
 * One kept connection of a client that is measured with: HTTP/1.1 on a socket, one request after the other.
 *
 * A client of Node's own takes more of the processor than the servers that are measured, which share it.
 */

import { connect } from 'node:net';

export interface HttpAnswer {
  readonly status: number;
  /** In latin1, as are the requests. */
  readonly body: string;
}

export interface HttpConnection {
  /** Sends the whole text of a request. To be called once the one before is answered. */
  readonly send: (request: string) => void;
  readonly close: () => void;
}

/** Resolves once the connection stands. `onAnswer` is told each answer, which says its length; `onFailure` whatever ends the connection. */
export async function openConnection(
  port: number,
  { onAnswer, onFailure }: { onAnswer: (answer: HttpAnswer) => void; onFailure: (error: Error) => void },
): Promise<HttpConnection> {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  const socket = connect({ port, host: '127.0.0.1', noDelay: true }, resolve);
  socket.once('error', reject);
  await promise;
  socket.off('error', reject);
  let pending = '';
  socket.setEncoding('latin1');
  socket.on('error', onFailure);
  socket.on('close', () => onFailure(new Error('the server closed a connection')));
  socket.on('data', (chunk: string) => {
    pending += chunk;
    const bodyAt = pending.indexOf('\r\n\r\n') + 4;
    if (bodyAt === 3) return;
    const head = pending.slice(0, bodyAt);
    const length = /\r\ncontent-length: *(\d+)/i.exec(head)?.[1];
    if (length === undefined) return onFailure(new Error(`an answer without a length: ${head}`));
    if (pending.length < bodyAt + Number(length)) return;
    const answer = { status: Number(head.slice(9, 12)), body: pending.slice(bodyAt) };
    pending = '';
    onAnswer(answer);
  });
  return {
    send: (request) => void socket.write(request, 'latin1'),
    close: () => {
      socket.removeAllListeners('close');
      socket.destroy();
    },
  };
}

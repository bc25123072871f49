/** Answers what Node's HTTP parser refuses: on the socket itself, in the same form as every other problem. */

import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type ProblemCode, problems } from '@seatledger/contract';
import { problemBody } from './problems.ts';

/** Source: "Class: http.Server, event clientError" of the Node.js manual. */
const codesOfParser: Readonly<Record<string, ProblemCode>> = {
  HPE_HEADER_OVERFLOW: 'headers_too_large',
  ERR_HTTP_REQUEST_TIMEOUT: 'request_timeout',
};

/** How long a peer may go on sending what nobody reads, in milliseconds. */
const lingerMs = 2000;

export type AnswerParserError = (
  error: { readonly code?: string },
  socket: Socket,
  requestId: string,
) => void;

export interface ParserRefusal {
  readonly code: ProblemCode;
  readonly status: number;
  readonly requestId: string;
  /** Of the request whose rest was refused; undefined where nothing was a request yet. */
  readonly response: ServerResponse | undefined;
}

/** The headers, by their names, are those of every answer; `onRefusal` is told of each that is sent. */
export function parserErrorAnswers(
  headers: Readonly<Record<string, string>>,
  onRefusal: (refusal: ParserRefusal) => void = () => undefined,
): AnswerParserError {
  const fields = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  const waiting = new WeakSet<Socket>();
  const lingering = new WeakSet<Socket>();

  /**
   * Ends the server's side and reads on for a while: closed with something unread on it, a connection is reset, which can cost the peer the end
   * of its answer. Source: RFC 9112 section 9.6.
   */
  function linger(socket: Socket, message = ''): void {
    lingering.add(socket);
    const late = setTimeout(() => socket.destroy(), lingerMs);
    socket.once('close', () => clearTimeout(late));
    socket.end(message, () => {
      if (socket.readableEnded) socket.destroy();
      else socket.once('end', () => socket.destroy());
    });
  }

  return function answerParserError(error, socket, requestId) {
    if (lingering.has(socket) && error.code !== 'ECONNRESET') return;
    const answering = answerUnderway(socket);
    const isOfNextRequest = answering?.req.complete === true;
    // The peer is gone, or has the beginning of an answer in which this one would end up.
    if (error.code === 'ECONNRESET' || !socket.writable || (answering?.headersSent && !isOfNextRequest)) {
      socket.destroy();
    } else if (answering !== undefined && isOfNextRequest) {
      // Requests may follow each other unasked: what was right is answered first (RFC 9112 section 9.3.2). Whatever comes after what
      // was wrong is wrong again, piece by piece.
      if (waiting.has(socket)) return;
      waiting.add(socket);
      if (!answering.shouldKeepAlive) {
        // It is the last answer of the connection: what comes behind its request is for nobody.
        socket.destroySoon = () => linger(socket);
        return;
      }
      answering.once('close', () => {
        waiting.delete(socket);
        answerParserError(error, socket, requestId);
      });
    } else {
      const code = codesOfParser[error.code ?? ''] ?? 'request_malformed';
      const message = problemMessage(code, requestId, fields);
      onRefusal({ code, status: problems[code].status, requestId, response: answering });
      // A peer that is slow would keep the connection open, and Node looks at a late one only once.
      if (code === 'request_timeout') socket.end(message, () => socket.destroy());
      else linger(socket, message);
    }
  };
}

/** Source: "event clientError" likewise, which tells of this property for the same purpose. */
function answerUnderway(socket: Socket): ServerResponse | undefined {
  return (Reflect.get(socket, '_httpMessage') as ServerResponse | null | undefined) ?? undefined;
}

function problemMessage(code: ProblemCode, requestId: string, fields: readonly string[]): string {
  const { status } = problems[code];
  const body = JSON.stringify(problemBody(code, requestId));
  return [
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Bad Request'}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `request-id: ${requestId}`,
    ...fields,
    'connection: close',
    '',
    body,
  ].join('\r\n');
}

const reasons: Readonly<Record<number, string>> = {
  400: 'Bad Request',
  408: 'Request Timeout',
  431: 'Request Header Fields Too Large',
};

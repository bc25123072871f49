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

export function answerParserError(error: Error & { code?: string }, socket: Socket, requestId: string): void {
  const answering = answerUnderway(socket);
  const isOfNextRequest = answering?.req.complete === true;
  // The peer is gone, or has the beginning of an answer in which this one would end up.
  if (error.code === 'ECONNRESET' || !socket.writable || (answering?.headersSent && !isOfNextRequest)) {
    socket.destroy();
  } else if (answering !== undefined && isOfNextRequest) {
    // Requests may follow each other unasked: what was right is answered first (RFC 9112 section 9.3.2).
    answering.once('close', () => answerParserError(error, socket, requestId));
  } else {
    socket.end(problemMessage(codesOfParser[error.code ?? ''] ?? 'request_malformed', requestId));
  }
}

/** Source: "event clientError" likewise, which tells of this property for the same purpose. */
function answerUnderway(socket: Socket): ServerResponse | undefined {
  return (Reflect.get(socket, '_httpMessage') as ServerResponse | null | undefined) ?? undefined;
}

function problemMessage(code: ProblemCode, requestId: string): string {
  const { status } = problems[code];
  const body = JSON.stringify(problemBody(code, requestId));
  return [
    `HTTP/1.1 ${status} ${reasons[status] ?? 'Bad Request'}`,
    'content-type: application/problem+json; charset=utf-8',
    `content-length: ${Buffer.byteLength(body)}`,
    `request-id: ${requestId}`,
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

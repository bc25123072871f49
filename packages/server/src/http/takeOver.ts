/** Hands to the router what Node's HTTP server would else answer by itself, without a body or not at all. */

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { ServerResponse } from './nodeHttp.ts';

/** Source: "Class: http.Server", events checkExpectation and connect, of the Node.js manual. */
export function takeOverFromNode(server: Server): void {
  // An expectation that nobody knows may be ignored (RFC 9110 section 10.1.1).
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  server.on('connect', (request, socket) => {
    // Node hands the socket over without a listener, and forgets it: a peer that resets it would end the process, one that
    // holds it would outlive the server.
    socket.on('error', () => socket.destroy());
    const response = new ServerResponse(request);
    response.shouldKeepAlive = false;
    response.assignSocket(socket as Socket);
    response.once('finish', () => (socket as Socket).destroySoon());
    server.emit('request', request, response);
  });
}

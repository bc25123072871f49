/** How the server speaks TLS. */

import type { Server } from 'node:http';
import type { Socket } from 'node:net';
import { type SecureContextOptions, Server as TlsServer, type TLSSocket } from 'node:tls';

/** Texts of PEM. The certificate is followed by those of its issuers where they are needed. */
export interface TlsPair {
  readonly key: string;
  readonly certificate: string;
}

export function tlsOptions({ key, certificate }: TlsPair): SecureContextOptions {
  return { key, cert: certificate, minVersion: 'TLSv1.2', maxVersion: 'TLSv1.3' };
}

/** Connections that come from now on get the pair; those that there are stay as they are. */
export function renewTls(server: Server, pair: TlsPair): void {
  tlsServerOf(server).setSecureContext(tlsOptions(pair));
}

/**
 * Ends the connections that never come to speak TLS. The HTTP server knows nothing of them, so they would get an answer that is not
 * encrypted, and hold up a stop until they are late.
 */
export function endFailedHandshakes(server: Server): { readonly stop: () => void } {
  const handshaking = new Map<string, Socket>();
  let isStopping = false;

  tlsServerOf(server)
    .on('connection', (socket) => {
      if (isStopping) socket.destroy();
      const peer = peerOf(socket);
      handshaking.set(peer, socket);
      socket.once('close', () => {
        if (handshaking.get(peer) === socket) handshaking.delete(peer);
      });
    })
    .on('secureConnection', (socket) => handshaking.delete(peerOf(socket)))
    .removeAllListeners('tlsClientError')
    .on('tlsClientError', (_error, socket: TLSSocket) => socket.destroy());

  return {
    stop() {
      isStopping = true;
      for (const socket of handshaking.values()) socket.destroy();
    },
  };
}

/** The same for a connection and for what is spoken on it. */
function peerOf({ remoteAddress, remotePort }: Socket): string {
  return `${remoteAddress} ${remotePort}`;
}

/** Types say of every server that it speaks HTTP alone. */
function tlsServerOf(server: unknown): TlsServer {
  if (!(server instanceof TlsServer)) throw new Error('the server does not speak TLS');
  return server;
}

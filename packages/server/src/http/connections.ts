/** How many connections may be open: what comes beyond is closed at once, before anything is read from it. */

import type { Server } from 'node:http';
import { BlockList, isIPv4, type Socket } from 'node:net';

/** How often it is told that connections are closed for this, in milliseconds. */
const tellEveryMs = 60_000;
const stalledMsDefault = 60_000;

interface ConnectionBounds {
  /** Of all peers together. */
  readonly connectionsMax: number;
  /** Proxies speak for many, so the share of one peer is not theirs; addresses and ranges. */
  readonly trustedProxies: readonly string[];
  readonly monotonicMs: () => number;
  /** Told how many there are, once a minute at the most, where one is refused. */
  readonly onRefusal: (open: number) => void;
  /** A peer that takes nothing of its answer for so long loses the connection, in milliseconds; a minute unless a test says otherwise. */
  readonly stalledMs?: number;
}

/** One peer may have half of the connections, so that it alone cannot keep all others out. */
export function boundConnections(
  server: Server,
  { connectionsMax, trustedProxies, monotonicMs, onRefusal, stalledMs = stalledMsDefault }: ConnectionBounds,
): void {
  const ofPeers = new Map<string, number>();
  const proxies = blockListOf(trustedProxies);
  const ofPeerMax = Math.ceil(connectionsMax / 2);
  let open = 0;
  let toldAtMs = -Infinity;

  function refuse(socket: Socket): void {
    socket.destroy();
    const now = monotonicMs();
    if (now - toldAtMs < tellEveryMs) return;
    toldAtMs = now;
    onRefusal(open);
  }

  // Before the server's own listener: of what is refused, it is to know nothing.
  server.prependListener('connection', (socket: Socket) => {
    const peer = socket.remoteAddress ?? '';
    const ofPeer = ofPeers.get(peer) ?? 0;
    const isProxy = peer !== '' && proxies.check(peer, isIPv4(peer) ? 'ipv4' : 'ipv6');
    if (open >= connectionsMax || (ofPeer >= ofPeerMax && !isProxy)) {
      refuse(socket);
      return;
    }
    open++;
    ofPeers.set(peer, ofPeer + 1);
    socket.once('close', () => {
      open--;
      const left = (ofPeers.get(peer) ?? 1) - 1;
      if (left === 0) ofPeers.delete(peer);
      else ofPeers.set(peer, left);
    });
  });

  // Nothing came or went for so long. Where something waits to go, the peer does not take it; where an answer is still made, it
  // is waited for; everything else is a connection that nobody uses.
  server.timeout = stalledMs;
  server.on('timeout', (socket: Socket) => {
    const isAnswering = (Reflect.get(socket, '_httpMessage') ?? null) !== null;
    if (!isAnswering || socket.writableLength > 0) socket.destroy();
  });
}

function blockListOf(addresses: readonly string[]): BlockList {
  const list = new BlockList();
  for (const text of addresses) {
    const [address = '', prefix] = text.split('/');
    const family = isIPv4(address) ? 'ipv4' : 'ipv6';
    if (prefix === undefined) list.addAddress(address, family);
    else list.addSubnet(address, Number(prefix), family);
  }
  return list;
}

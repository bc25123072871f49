/** The address that a request came from, as it is counted and noted. */

import { isIP } from 'node:net';
import type { FastifyRequest } from 'fastify';

/** Some proxies write the port too. */
const withPort = /^(?:\[([^\]]+)\](?::\d{1,5})?|([\d.]+):\d{1,5})$/;

/**
 * What a trusted proxy says it is, where that is an address; else the address of the connection. Empty where its sender is gone: then
 * nobody knows it any more.
 */
export function addressOf({ ip, raw }: Pick<FastifyRequest, 'ip' | 'raw'>): string {
  // Fastify reads it off the socket, which has none once its sender is gone.
  const told = (ip as string | undefined) ?? '';
  const [, inBrackets, before] = withPort.exec(told) ?? [];
  const address = inBrackets ?? before ?? told;
  return isIP(address) === 0 ? (raw.socket.remoteAddress ?? '') : address;
}

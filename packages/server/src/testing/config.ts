import type { ServeConfig } from '../config.ts';

/** On any port of loopback, quiet, and without a rate limit. */
export function testConfig(config: Pick<ServeConfig, 'place'> & Partial<ServeConfig>): ServeConfig {
  return {
    port: 0,
    host: '127.0.0.1',
    publicUrl: undefined,
    sampleFile: undefined,
    logLevel: 'error',
    tls: undefined,
    trustedProxies: [],
    corsOrigins: [],
    rateLimit: 0,
    metrics: undefined,
    maxConnections: 10_000,
    ...config,
  };
}

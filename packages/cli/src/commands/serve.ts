import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { addCommand } from './addCommand.ts';
import { addStoreOptions, type StoreOptions } from './storeOptions.ts';

interface ServeOptions extends StoreOptions {
  readonly port?: string;
  readonly host?: string;
  readonly publicUrl?: string;
  readonly tlsKey?: string;
  readonly tlsCertificate?: string;
  readonly trustProxy?: string;
  readonly corsOrigin?: string;
  readonly rateLimit?: string;
  readonly metricsAddress?: string;
  readonly maxConnections?: string;
  readonly sample?: boolean;
  readonly json?: boolean;
}

/** Adds `serve`. */
export function addServeCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'serve', {
    description: 'run the server until it is interrupted',
    examples: [
      'seatledger serve --sample',
      'seatledger serve --data /var/lib/seatledger --port 8080 --public-url https://seats.example.com',
      'seatledger serve --host 0.0.0.0 --tls-key seats.key --tls-certificate seats.crt',
      'seatledger serve --database-url postgres://seatledger@db.example.com/seatledger',
    ],
  });
  addStoreOptions(command)
    .option('--port <number>', 'the port; 0 picks a free one; or PORT; default 8080')
    .option(
      '--host <address>',
      'the address to listen on; or HOST; default 127.0.0.1; one of a network needs TLS, here or at the public URL',
    )
    .option(
      '--public-url <url>',
      'the origin under which clients reach the server; or SEATLEDGER_PUBLIC_URL; default is where it listens',
    )
    .option('--tls-key <file>', 'the private key to speak TLS with, PEM; or TLS_KEY')
    .option(
      '--tls-certificate <file>',
      'its certificate, PEM, with those of its issuers after it; or TLS_CERTIFICATE; read again on SIGHUP',
    )
    .option(
      '--trust-proxy <addresses>',
      'proxies whose X-Forwarded-For is believed, by addresses and ranges with commas; or TRUST_PROXY; default none',
    )
    .option(
      '--cors-origin <origins>',
      'origins whose web pages may use the API, with commas; or CORS_ORIGINS; default none',
    )
    .option(
      '--rate-limit <number>',
      'requests a second that each app may send, and twice as many at once; or RATE_LIMIT; 0 is no limit; default 100',
    )
    .option(
      '--metrics-address <host:port>',
      'where metrics are served, to whoever reaches it; or METRICS_ADDRESS; port 0 picks a free one; default nowhere',
    )
    .option(
      '--max-connections <number>',
      'connections that may be open; what is beyond is closed at once; or MAX_CONNECTIONS; default 10000',
    )
    .option(
      '--sample',
      'on an empty store, load sample data and make an app to try it with; on this machine only',
    )
    .action(async ({ sample = false, json = false, ...flags }: ServeOptions) => {
      const { runServer } = await import('../operator/runServer.ts');
      await runServer(flags, { sample, json }, context);
    });
}

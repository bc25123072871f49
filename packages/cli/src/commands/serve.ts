import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { addCommand } from './addCommand.ts';
import { addStoreOptions, type StoreOptions } from './storeOptions.ts';

interface ServeOptions extends StoreOptions {
  readonly port?: string;
  readonly host?: string;
  readonly publicUrl?: string;
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
      'seatledger serve --database-url postgres://seatledger@db.example.com/seatledger',
    ],
  });
  addStoreOptions(command)
    .option('--port <number>', 'the port; 0 picks a free one; or PORT; default 8080')
    .option('--host <address>', 'the address to listen on; or HOST; default 127.0.0.1')
    .option(
      '--public-url <url>',
      'the origin under which clients reach the server; default http://127.0.0.1:PORT',
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

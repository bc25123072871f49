/** The command line: every command, with what commander needs to know to read it. */

import { Command } from 'commander';
import type { CommandContext } from './commandContext.ts';
import { addAppCreateCommand } from './commands/appCreate.ts';
import { addAppDeleteCommand } from './commands/appDelete.ts';
import { addAppListCommand } from './commands/appList.ts';
import { addImportCommand } from './commands/import.ts';
import { addPartnerCreateCommand } from './commands/partnerCreate.ts';
import { addPartnerListCommand } from './commands/partnerList.ts';
import { addProductsCommand } from './commands/products.ts';
import { addSeatsGetCommand } from './commands/seatsGet.ts';
import { addSeatsListCommand } from './commands/seatsList.ts';
import { addServeCommand } from './commands/serve.ts';
import { version } from './version.ts';

/** A program that throws where commander would end the process, and leaves printing what is wrong to whoever catches it. */
export function buildProgram(context: CommandContext): Command {
  const program = new Command('seatledger')
    .description(
      'The seat ledger for cloud partners: how many user seats does this customer have for this product?',
    )
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.stdout.write(text),
      writeErr: (text) => context.stderr.write(text),
      outputError() {},
    });

  addServeCommand(program, context);

  const partner = program.command('partner').description('the organisations whose customers these are');
  addPartnerCreateCommand(partner, context);
  addPartnerListCommand(partner, context);

  const app = program.command('app').description('the app registrations that may use the API');
  addAppCreateCommand(app, context);
  addAppListCommand(app, context);
  addAppDeleteCommand(app, context);

  addImportCommand(program, context);

  const seats = program.command('seats').description('the seats that customers have');
  addSeatsGetCommand(seats, context);
  addSeatsListCommand(seats, context);

  addProductsCommand(program, context);

  return program;
}

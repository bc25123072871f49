/** The command line: every command, with what commander needs to know to read it. */

import type { Command } from 'commander';
import type { CommandContext } from './commandContext.ts';
import { addAppCommands } from './commands/app/index.ts';
import { addAssignmentCommands } from './commands/assignment/index.ts';
import { addBackupCommands } from './commands/backup/index.ts';
import { addCustomerCommands } from './commands/customer/index.ts';
import { addDoctorCommand } from './commands/doctor.ts';
import { addEventsCommands } from './commands/events/index.ts';
import { addExportCommand } from './commands/export.ts';
import { addGroupCommands } from './commands/group/index.ts';
import { addImportCommand } from './commands/import/index.ts';
import { addKeysCommands } from './commands/keys/index.ts';
import { addLineCommands } from './commands/line/index.ts';
import { addPartnerCommands } from './commands/partner/index.ts';
import { addPoolCommands } from './commands/pool/index.ts';
import { addProductsCommand } from './commands/products.ts';
import { addRestoreCommand } from './commands/restore.ts';
import { addDiffCommand, addHistoryCommand, addSeatsCommands } from './commands/seats/index.ts';
import { addServeCommand } from './commands/serve.ts';
import { addTenantCommands } from './commands/tenant/index.ts';
import { addVerifyCommand } from './commands/verify.ts';
import { emptyProgram } from './emptyProgram.ts';

/** The program with every command. */
export function buildProgram(context: CommandContext): Command {
  const program = emptyProgram(context);
  for (const add of commands) add(program, context);
  return program;
}

/** In the order in which help lists them. */
const commands: readonly ((program: Command, context: CommandContext) => void)[] = [
  addServeCommand,
  addPartnerCommands,
  addAppCommands,
  addSeatsCommands,
  addHistoryCommand,
  addDiffCommand,
  addCustomerCommands,
  addTenantCommands,
  addGroupCommands,
  addPoolCommands,
  addLineCommands,
  addAssignmentCommands,
  addImportCommand,
  addEventsCommands,
  addVerifyCommand,
  addBackupCommands,
  addRestoreCommand,
  addExportCommand,
  addKeysCommands,
  addDoctorCommand,
  addProductsCommand,
];

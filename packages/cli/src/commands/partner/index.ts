import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addPartnerCreateCommand } from './partnerCreate.ts';
import { addPartnerListCommand } from './partnerList.ts';

export function addPartnerCommands(program: Command, context: CommandContext): void {
  const partner = program.command('partner').description('the organisations whose customers these are');
  addPartnerCreateCommand(partner, context);
  addPartnerListCommand(partner, context);
}

import type { Command } from 'commander';
import type { CommandContext } from '../../../commandContext.ts';
import { addCredentialAddCommand } from './credentialAdd.ts';
import { addCredentialListCommand } from './credentialList.ts';
import { addCredentialRemoveCommand } from './credentialRemove.ts';

export function addCredentialCommands(app: Command, context: CommandContext): void {
  const credential = app
    .command('credential')
    .description('the secrets and certificates that an app proves itself with');
  addCredentialAddCommand(credential, context);
  addCredentialListCommand(credential, context);
  addCredentialRemoveCommand(credential, context);
}

import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addTenantRemoveCommand } from './tenantRemove.ts';
import { addTenantSetCommand } from './tenantSet.ts';

export function addTenantCommands(program: Command, context: CommandContext): void {
  const tenant = program
    .command('tenant')
    .description('the Microsoft 365, Salesforce, Google and Dynamics 365 tenants of customers');
  addTenantSetCommand(tenant, context);
  addTenantRemoveCommand(tenant, context);
}

import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addAssignmentAssignCommand } from './assignmentAssign.ts';
import { addAssignmentEraseCommand } from './assignmentErase.ts';
import { addAssignmentListCommand } from './assignmentList.ts';
import { addAssignmentReleaseCommand } from './assignmentRelease.ts';

export function addAssignmentCommands(program: Command, context: CommandContext): void {
  const assignment = program.command('assignment').description('which users hold the seats');
  addAssignmentListCommand(assignment, context);
  addAssignmentAssignCommand(assignment, context);
  addAssignmentReleaseCommand(assignment, context);
  addAssignmentEraseCommand(assignment, context);
}

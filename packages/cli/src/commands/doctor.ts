import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { localFailure } from '../failure.ts';
import { writeJsonArray } from '../output/json.ts';
import { printable } from '../output/printable.ts';
import { write } from '../output/write.ts';
import { addCommand } from './addCommand.ts';
import { addStoreOptions, type StoreOptions } from './storeOptions.ts';

interface DoctorOptions extends StoreOptions {
  readonly url?: string;
  readonly json?: boolean;
}

interface Found {
  readonly check: string;
  readonly state: string;
  readonly seen: string;
  readonly remedy: string | null;
}

/** Adds `doctor`. */
export function addDoctorCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'doctor', {
    summary: 'look for what is wrong around a server, or soon will be',
    description:
      'look for what is wrong around a server, or soon will be: its folder or database, schema, clock, room, keys, credentials, certificate and configuration, each with the remedy. Nothing is changed, also while servers run; run it as the user that the server runs as, with its environment',
    examples: ['seatledger doctor --data ./data', 'seatledger doctor --url https://seats.example.com --json'],
  }).option(
    '--url <url>',
    'ask the server at this origin too whether it is ready, and how long its certificate lasts',
  );
  addStoreOptions(command).action(async ({ json = false, ...examination }: DoctorOptions) => {
    const { examine } = await import('../operator/examination.ts');
    const findings: readonly Found[] = await examine(examination);
    if (json) await writeJsonArray(context, [findings]);
    else await write(context.stdout, findingsText(findings));
    const count = findings.filter(({ state }) => state === 'problem').length;
    if (count > 0) {
      throw localFailure(
        'problem_found',
        `${count} of ${findings.length} findings ${count === 1 ? 'is a problem' : 'are problems'}.`,
      );
    }
  });
}

/** A line each, and what to do about it in the next. */
function findingsText(findings: readonly Found[]): string {
  const width = Math.max(...findings.map(({ check }) => check.length));
  return findings
    .map(({ check, state, seen, remedy }) => {
      const line = `${state.padEnd(7)}  ${check.padEnd(width)}  ${printable(seen)}\n`;
      return remedy === null ? line : `${line}${' '.repeat(width + 11)}-> ${printable(remedy)}\n`;
    })
    .join('');
}

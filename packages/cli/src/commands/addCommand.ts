import type { Command } from 'commander';

interface CommandText {
  /** For the list of the commands; the description where it is left out. */
  readonly summary?: string;
  readonly description: string;
  readonly examples: readonly string[];
  /** Whether it is meant where the group is named and none of its commands. */
  readonly isDefault?: boolean;
}

/** A command with what every command has: `--json`, and examples in its help. */
export function addCommand(
  parent: Command,
  nameAndArguments: string,
  { description, summary = description, examples, isDefault = false }: CommandText,
): Command {
  const heading = examples.length === 1 ? 'Example' : 'Examples';
  return parent
    .command(nameAndArguments, { isDefault })
    .summary(summary)
    .description(description)
    .option('--json', 'print JSON, for machines; failures too')
    .addHelpText('after', ['', `${heading}:`, ...examples.map((example) => `  $ ${example}`)].join('\n'));
}

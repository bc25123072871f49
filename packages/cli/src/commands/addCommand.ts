import type { Command } from 'commander';

interface CommandText {
  /** For the list of the commands; the description where it is left out. */
  readonly summary?: string;
  readonly description: string;
  readonly examples: readonly string[];
}

/** A command with what every command has: `--json`, and examples in its help. */
export function addCommand(
  parent: Command,
  nameAndArguments: string,
  { description, summary = description, examples }: CommandText,
): Command {
  const heading = examples.length === 1 ? 'Example' : 'Examples';
  return parent
    .command(nameAndArguments)
    .summary(summary)
    .description(description)
    .option('--json', 'print JSON, for machines; failures too')
    .addHelpText('after', ['', `${heading}:`, ...examples.map((example) => `  $ ${example}`)].join('\n'));
}

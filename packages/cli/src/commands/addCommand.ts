import type { Command } from 'commander';

interface CommandText {
  readonly description: string;
  readonly examples: readonly string[];
}

/** A command with what every command has: `--json`, and examples in its help. */
export function addCommand(
  parent: Command,
  nameAndArguments: string,
  { description, examples }: CommandText,
): Command {
  const heading = examples.length === 1 ? 'Example' : 'Examples';
  return parent
    .command(nameAndArguments)
    .description(description)
    .option('--json', 'print JSON, for machines; failures too')
    .addHelpText('after', ['', `${heading}:`, ...examples.map((example) => `  $ ${example}`)].join('\n'));
}

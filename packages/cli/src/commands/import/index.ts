import { type Command, Option } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { addConnectionOptions } from '../../connection/settings.ts';
import { addCommand } from '../addCommand.ts';
import { addStoreInsteadOptions, type StoreInsteadOptions, storeInstead } from '../storeOptions.ts';
import { addReasonOption } from '../writeOptions.ts';
import { importFormats, importLines, type ImportLinesOptions } from './importLines.ts';
import { importStore } from './importStore.ts';

/** Adds `import`: lines into a server, or an export into an empty store. */
export function addImportCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'import', {
    summary: 'import subscription lines from a file, or fill an empty store from an export',
    description:
      'import subscription lines from a file, all or none of them. With --data or --database-url the file is one that export wrote, and fills an empty store with everything, or with nothing where it is not whole; a server on it makes signing keys of its own',
    examples: [
      'seatledger import lines.csv --dry-run',
      "seatledger import lines.csv --replace --reason 'inventory of July'",
      'export-lines | seatledger import - --format ndjson',
      'seatledger import seatledger.export --data ./new',
    ],
  })
    .argument('<file>', 'the file; for lines also - for stdin')
    .option('--dry-run', 'say what would be done and do nothing')
    .option('--replace', 'end the lines of the sources in the file that the file does not have')
    .addOption(
      new Option(
        '--format <format>',
        "default: by the file's ending (.csv, .ndjson, .jsonl); csv for stdin",
      ).choices(importFormats),
    );
  addStoreInsteadOptions(command, {
    data: 'fill this data folder, which is empty or not there, from an export',
    databaseUrl: 'fill this PostgreSQL database, which is empty, from an export',
    conflicts: ['dryRun', 'replace', 'format', 'reason'],
  });
  addConnectionOptions(addReasonOption(command)).action(
    async (file: string, options: ImportLinesOptions & StoreInsteadOptions) => {
      const store = storeInstead(options, context);
      if (store === undefined) await importLines(file, options, context);
      else await importStore(file, { ...options, store }, context);
    },
  );
}

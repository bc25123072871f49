import { extname } from 'node:path';
import { type ImportReport, operations, productByType } from '@seatledger/contract';
import { type Command, Option } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { isImportReport } from '../connection/answerShape.ts';
import { connectionTo } from '../connection/connection.ts';
import {
  addConnectionOptions,
  type ConnectionOptions,
  readConnectionSettings,
} from '../connection/settings.ts';
import { localFailure } from '../failure.ts';
import { stdinName, withInputFile } from '../inputFile.ts';
import { writeJson } from '../output/json.ts';
import { withUploadProgress } from '../output/progress.ts';
import { type Column, table } from '../output/table.ts';
import { write } from '../output/write.ts';
import { addCommand } from './addCommand.ts';

const mediaTypes = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const satisfies Record<
  string,
  keyof (typeof operations)['importLines']['body']
>;
type ImportFormat = keyof typeof mediaTypes;

interface ImportOptions extends ConnectionOptions {
  readonly dryRun?: boolean;
  readonly replace?: boolean;
  readonly format?: ImportFormat;
  readonly json?: boolean;
}

/** Adds `import`: subscription lines from a file, all or none of them. */
export function addImportCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'import', {
    description: 'import subscription lines from a file, all or none of them',
    examples: [
      'seatledger import lines.csv --dry-run',
      'seatledger import lines.csv --replace',
      'export-lines | seatledger import - --format ndjson',
    ],
  })
    .argument('<file>', 'the file, or - for stdin')
    .option('--dry-run', 'say what would be done and do nothing')
    .option('--replace', 'end the lines of the sources in the file that the file does not have')
    .addOption(
      new Option(
        '--format <format>',
        "default: by the file's ending (.csv, .ndjson, .jsonl); csv for stdin",
      ).choices(Object.keys(mediaTypes)),
    );
  addConnectionOptions(command).action(async (file: string, options: ImportOptions) => {
    const mediaType = mediaTypes[options.format ?? formatOf(file)];
    if (file === stdinName && options.clientSecretFile === stdinName) {
      throw localFailure('usage_wrong', 'The lines and the secret cannot both come from stdin.');
    }
    const connection = connectionTo(await readConnectionSettings(options, context));
    const report = await withInputFile(file, context, ({ bytes, bytesTotal }) =>
      withUploadProgress(context.stderr, { bytes, bytesTotal }, (body) =>
        connection.call(
          operations.importLines,
          {
            query: {
              dryRun: options.dryRun ? 'true' : undefined,
              replace: options.replace ? 'true' : undefined,
            },
            headers: { 'content-type': mediaType },
            body,
            patient: true,
          },
          isImportReport,
        ),
      ),
    );
    if (options.json) await writeJson(context, report);
    else await write(context.stdout, reportText(report, context));
  });
}

const formatsByEnding: Readonly<Record<string, ImportFormat>> = {
  '.csv': 'csv',
  '.ndjson': 'ndjson',
  '.jsonl': 'ndjson',
};

function formatOf(file: string): ImportFormat {
  if (file === stdinName) return 'csv';
  const format = formatsByEnding[extname(file).toLowerCase()];
  if (format === undefined) {
    throw localFailure('usage_wrong', `The ending of ${file} does not tell its format.`, {
      remedy: 'Say which it is with --format csv or --format ndjson.',
    });
  }
  return format;
}

type EndedLine = ImportReport['endedLines'][number];

const endedColumns: readonly Column<EndedLine>[] = [
  { title: 'CUSTOMER', value: ({ customerId }) => customerId },
  { title: 'PRODUCT', value: ({ productType }) => productByType(productType)?.name ?? String(productType) },
  { title: 'RESOURCE', value: ({ resource }) => resource },
  { title: 'SEATS', value: ({ seats }) => seats, align: 'right' },
  { title: 'SOURCE', value: ({ source }) => source },
  { title: 'EXTERNAL ID', value: ({ externalId }) => externalId ?? '' },
];

function reportText(report: ImportReport, { stdout }: CommandContext): string {
  const { dryRun, lines, added, changed, unchanged, ended, customersCreated, endedLines } = report;
  const counts =
    `Lines: ${lines}. Added ${added}, changed ${changed}, unchanged ${unchanged}, ended ${ended}. ` +
    `Customers created: ${customersCreated}.\n`;
  if (!dryRun) return counts;
  const endedTable =
    endedLines.length === 0 ? '' : `\nLines that would end:\n${table(endedLines, endedColumns, stdout)}`;
  const more = ended > endedLines.length ? `and ${ended - endedLines.length} more\n` : '';
  return `Dry run, nothing was changed. ${counts}${endedTable}${more}`;
}

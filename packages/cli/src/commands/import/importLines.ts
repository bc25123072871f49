/** Subscription lines from a file, sent to a server. */

import { extname } from 'node:path';
import { type ImportReport, operations, productByType } from '@seatledger/contract';
import type { CommandContext } from '../../commandContext.ts';
import { isImportReport } from '../../connection/answerShape.ts';
import { connect } from '../../connection/connection.ts';
import { type ConnectionOptions, refuseSharedStdin } from '../../connection/settings.ts';
import { reasonHeader } from '../../connection/writes.ts';
import { localFailure } from '../../failure.ts';
import { stdinName, withInputFile } from '../../inputFile.ts';
import { writeAnswer } from '../../output/answer.ts';
import { withUploadProgress } from '../../output/progress.ts';
import { type Column, table } from '../../output/table.ts';

const mediaTypes = { csv: 'text/csv', ndjson: 'application/x-ndjson' } as const satisfies Record<
  string,
  keyof (typeof operations)['importLines']['body']
>;
type ImportFormat = keyof typeof mediaTypes;
export const importFormats = Object.keys(mediaTypes);

export interface ImportLinesOptions extends ConnectionOptions {
  readonly dryRun?: boolean;
  readonly replace?: boolean;
  readonly format?: ImportFormat;
  readonly reason?: string;
  readonly json?: boolean;
}

export async function importLines(
  file: string,
  options: ImportLinesOptions,
  context: CommandContext,
): Promise<void> {
  const mediaType = mediaTypes[options.format ?? formatOf(file)];
  refuseSharedStdin(file, options);
  const connection = await connect(options, context);
  const report = await withInputFile(file, context, (input) =>
    withUploadProgress(context.stderr, input, (body) =>
      connection.call(
        operations.importLines,
        {
          query: {
            dryRun: options.dryRun ? 'true' : undefined,
            replace: options.replace ? 'true' : undefined,
          },
          headers: { 'content-type': mediaType, ...reasonHeader(options.reason) },
          body,
          patient: true,
        },
        isImportReport,
      ),
    ),
  );
  await writeAnswer(context, options, report, (answer) => reportText(answer, context));
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

import { type Static, Type } from '../type.ts';
import { changeReasonHeader } from '../management.ts';
import type { Operation } from '../operation.ts';

/** The columns of a file of subscription lines, in the order in which they are written. */
export const importColumns = [
  'customerId',
  'organization',
  'productType',
  'resource',
  'seats',
  'startsAt',
  'expiresAt',
  'source',
  'externalId',
  'licenceType',
] as const;
export type ImportColumn = (typeof importColumns)[number];

export const requiredImportColumns = [
  'customerId',
  'productType',
  'seats',
] as const satisfies readonly ImportColumn[];

/** How many bad lines of a file are named; the rest are counted. */
export const importErrorsNamedMax = 100;
/** How many of the lines that an import ended, or would end, are listed; the rest are counted. */
export const importEndedListedMax = 1000;
/** The largest file that is taken, in bytes. */
export const importBytesMax = 1_073_741_824;

/** Whether a line is paid for or tried. */
export const licenceTypes = ['enterprise', 'trial'] as const;
export type LicenceType = (typeof licenceTypes)[number];

const importedLine = Type.Object(
  {
    customerId: Type.String(),
    productType: Type.Integer(),
    resource: Type.String(),
    seats: Type.Integer({ minimum: 0 }),
    source: Type.String(),
    externalId: Type.Union([Type.String(), Type.Null()]),
  },
  { title: 'ImportedLine', additionalProperties: false },
);

const importReport = Type.Object(
  {
    dryRun: Type.Boolean({ description: 'Whether the numbers say what would be done, and nothing was.' }),
    lines: Type.Integer({ minimum: 0, description: 'Lines in the file.' }),
    added: Type.Integer({ minimum: 0 }),
    changed: Type.Integer({ minimum: 0 }),
    unchanged: Type.Integer({ minimum: 0 }),
    ended: Type.Integer({ minimum: 0, description: 'Lines ended because the file does not have them.' }),
    customersCreated: Type.Integer({ minimum: 0 }),
    endedLines: Type.Array(importedLine, {
      maxItems: importEndedListedMax,
      description: `The lines ended, at most ${importEndedListedMax} of them.`,
    }),
    sequence: Type.Integer({ minimum: 0, description: 'The last event of the record after the import.' }),
  },
  { title: 'ImportReport', additionalProperties: false },
);
export type ImportReport = Static<typeof importReport>;

const query = Type.Object({
  dryRun: Type.Optional(
    Type.Boolean({ default: false, description: 'Say what would be done and do nothing.' }),
  ),
  replace: Type.Optional(
    Type.Boolean({
      default: false,
      description:
        'End the lines that the file does not have, of each source that it names and of customers that the app may see.',
    }),
  ),
});
export type ImportLinesQuery = Static<typeof query>;

const example =
  'customerId,organization,productType,seats,startsAt,expiresAt,externalId\n' +
  'contoso,Contoso Ltd,2048,25,2026-01-01,2027-01-01,sub-1001\n';

/** Subscription lines from a file, all or none of them. */
export const importLines = {
  id: 'importLines',
  method: 'POST',
  path: '/api/v1/import',
  tag: 'Management',
  summary: 'Import subscription lines from CSV or NDJSON, all or none of them',
  description:
    'A line of the file is a known line by its externalId, else by customer, product, resource, source and the start given. Importing ' +
    'a file twice changes nothing, so that no Idempotency-Key is looked at. A customer that is not known is created where the app sees all customers.',
  permission: 'seatledger.write',
  parameters: { query, header: Type.Object(changeReasonHeader) },
  body: {
    'text/csv': Type.String({
      description: `A header row with the names of the columns: ${importColumns.join(', ')}.`,
      examples: [example],
    }),
    'application/x-ndjson': Type.String({
      description: 'One object a line, its members named as the columns.',
      examples: [`${JSON.stringify({ customerId: 'contoso', productType: 2048, seats: 25 })}\n`],
    }),
  },
  answer: {
    status: 200,
    description: 'What was done, or would be.',
    content: {
      'application/json; charset=utf-8': {
        schema: importReport,
        examples: {
          imported: {
            dryRun: false,
            lines: 1,
            added: 1,
            changed: 0,
            unchanged: 0,
            ended: 0,
            customersCreated: 1,
            endedLines: [],
            sequence: 2,
          },
        },
      },
    },
  },
  problems: ['parameter_invalid', 'parameter_unknown', 'import_invalid', 'imports_busy', 'storage_full'],
} as const satisfies Operation;

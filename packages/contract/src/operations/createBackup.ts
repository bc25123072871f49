import { Type } from '../type.ts';
import { backupMediaType } from '../backups.ts';
import type { Operation } from '../operation.ts';

/** Everything of the partner, as one file. */
export const createBackup = {
  id: 'createBackup',
  method: 'POST',
  path: '/api/v1/backups',
  tag: 'Management',
  summary: 'Make a backup of everything of the partner',
  description:
    'The answer is the file, of one moment: customers, lines, assignments with the addresses of users, apps with the hashes of their ' +
    'secrets, and the whole record. It has nothing of other partners and no key that signs. Its first line is JSON and names the head of the ' +
    'record; its last is the SHA-256 of all before it, and an answer without that line broke off. `seatledger backup verify` checks a file, and ' +
    '`seatledger restore` fills an empty store from it. Nothing is changed, so that no Idempotency-Key is looked at.',
  permission: 'seatledger.admin',
  parameters: { query: Type.Object({}) },
  answer: {
    status: 200,
    description: 'The backup.',
    headers: { 'Content-Disposition': 'A name for the file.' },
    content: {
      [backupMediaType]: {
        schema: Type.String({ contentMediaType: backupMediaType }),
        examples: {
          beginning:
            '{"format":"seatledger-backup","version":1,"schema":1,"createdAt":"2026-07-01T00:00:00.000Z","scope":"partner","heads":[{"partner":"default","sequence":2,"hash":"2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae"}]}\n',
        },
      },
    },
  },
  problems: ['parameter_unknown', 'customer_scope_insufficient', 'backups_busy', 'storage_full'],
} as const satisfies Operation;

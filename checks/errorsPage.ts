/** The page of the manual about what is refused: the registry of problems, as a person reads it. */

import { STATUS_CODES } from 'node:http';
import { fieldProblems, problems } from '../packages/contract/src/problems.ts';

/** Where it is, from the root of the repository. */
export const errorsPagePath = 'docs/errors.md';

const introduction = `# Errors

What the server refuses, and what to do about it. This page is made from the registry of problems: \`npm run docs:errors\`.

A refusal is \`application/problem+json\` (RFC 9457). Branch on its \`code\`, which is stable. Its \`type\` leads to what this page says of the
code, its \`detail\` says what was wrong with this request, and \`errors\` names fields, each with a code of its own. Whoever runs the server
finds the \`requestId\` in its log.

The OAuth endpoints answer 400 and 401 as RFC 6749 section 5.2 has it, with \`error\` and \`error_description\`.
`;

export function errorsPage(): string {
  const byStatus = Map.groupBy(Object.entries(problems), ([, { status }]) => status);
  const sections = [...byStatus]
    .toSorted(([one], [other]) => one - other)
    .map(([status, entries]) => {
      const rows = entries.map(([code, { title, remedy }]) => `| \`${code}\` | ${title} | ${remedy} |`);
      return section(`${status} ${STATUS_CODES[status]}`, ['Code', 'What it means', 'What to do'], rows);
    });
  const fields = Object.entries(fieldProblems)
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([code, sentence]) => `| \`${code}\` | ${sentence} |`);
  return [introduction, ...sections, section('Fields', ['Code', 'What it means'], fields)].join('\n');
}

function section(title: string, columns: readonly string[], rows: readonly string[]): string {
  const head = `| ${columns.join(' | ')} |\n|${'---|'.repeat(columns.length)}`;
  return `## ${title}\n\n${head}\n${rows.join('\n')}\n`;
}

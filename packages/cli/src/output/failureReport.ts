/** A failure as the user reads it, and as a machine does. */

import { styleText } from 'node:util';
import type { FieldProblem } from '@seatledger/contract';
import type { TerminalStream } from '../commandContext.ts';
import type { Failure } from '../failure.ts';
import { printable } from './printable.ts';

/** The sentence, what to do about it, each error, and the request id for whoever runs the server. */
export function failureText({ message, facts }: Failure, stream: TerminalStream): string {
  const { remedy, errors = [], errorCount = errors.length, numbers, requestId, retryAfterSeconds } = facts;
  const mark = stream.isTTY === true ? styleText('red', 'seatledger:', { stream }) : 'seatledger:';
  const lines = [
    `${mark} ${message.split('\n').map(printable).join('\n')}`,
    ...errors.map((error) => `  ${errorText(error)}`),
    ...(errorCount > errors.length
      ? [`  ${errorCount} errors in all; the first ${errors.length} are named.`]
      : []),
    ...(numbers === undefined ? [] : [`  ${numbersText(numbers)}`]),
    ...(remedy === undefined ? [] : [remedy]),
    ...(retryAfterSeconds === undefined ? [] : [`Retry after: ${retryAfterSeconds} s`]),
    ...(requestId === undefined ? [] : [`Request id: ${printable(requestId)}`]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function errorText({ line, field, message }: FieldProblem): string {
  const place = line === undefined ? field : `line ${line}, ${field}`;
  return printable(`${place}: ${message}`);
}

function numbersText(numbers: Readonly<Record<string, number | string>>): string {
  return printable(
    Object.entries(numbers)
      .map(([name, value]) => `${name} ${value}`)
      .join(', '),
  );
}

/** The same as one JSON object on one line. */
export function failureJson({ message, facts }: Failure): string {
  const { cause: _, code, exitCode, ...more } = facts;
  return `${JSON.stringify({ code, message, ...more, exitCode })}\n`;
}

import { operations, type RecordHead } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { hasMembers } from '../../connection/answerShape.ts';
import { connect } from '../../connection/connection.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { writeAnswer } from '../../output/answer.ts';
import { factsText } from '../../output/facts.ts';
import { addCommand } from '../addCommand.ts';

/** Adds `events head`. */
export function addEventsHeadCommand(events: Command, context: CommandContext): void {
  const command = addCommand(events, 'head', {
    description:
      'print the end of the record; noted elsewhere, verify --head proves with it that nothing was rewritten',
    examples: ['seatledger events head', 'seatledger events head --json >> heads.ndjson'],
  });
  addConnectionOptions(command).action(async (options: ConnectionOptions & { json?: boolean }) => {
    const connection = await connect(options, context);
    const head = await connection.call(operations.getRecordHead, {}, isRecordHead);
    await writeAnswer(context, options, head, headText);
  });
}

function isRecordHead(body: unknown): body is RecordHead {
  return hasMembers(body, { sequence: 'number', hash: 'string' });
}

function headText({ sequence, hash, recordedAt }: RecordHead): string {
  return factsText([
    ['event', sequence],
    ['hash', hash],
    ['recorded', recordedAt ?? 'nothing yet'],
  ]);
}

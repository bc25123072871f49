import type { RecordedEvent } from '@seatledger/contract';
import type { Command } from 'commander';
import { numberArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { followEvents, type Interruption } from '../../connection/followEvents.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { growingTable } from '../../output/growingTable.ts';
import { printable } from '../../output/printable.ts';
import { write, writeLine } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { eventListing } from './eventListing.ts';

interface EventsFollowOptions extends ConnectionOptions {
  readonly after?: number;
  readonly json?: boolean;
}

/** Adds `events follow`. */
export function addEventsFollowCommand(events: Command, context: CommandContext): void {
  const command = addCommand(events, 'follow', {
    summary: 'print events as they are recorded, until Ctrl-C',
    description:
      'print events as they are recorded, until Ctrl-C; a connection that is lost is made again, and no event is missed or printed twice',
    examples: [
      'seatledger events follow',
      'seatledger events follow --after 4711 --json | while read -r event; do echo "$event"; done',
    ],
  }).option(
    '--after <event>',
    'begin after this event; default: with what is recorded from now on',
    numberArgument,
  );
  addConnectionOptions(command).action(async (options: EventsFollowOptions) => {
    const { after, json = false } = options;
    const { stdout, stderr, interrupted } = context;
    const shown = growingTable(eventListing.columns, stdout, widthsExpected);
    const textOf = json ? jsonLines : shown.lines;
    const connection = await connect(options, context);
    if (!json) await write(stdout, shown.head());
    const batches = followEvents(connection, {
      after,
      signal: interrupted,
      onInterruption: (interruption) => writeLine(stderr, interruptionText(interruption)),
    });
    for await (const batch of batches) await write(stdout, textOf(batch));
  });
}

/** Of a sequence, an instant, a kind, and ids that are GUIDs: apps have a prefix, and reasons come last. */
const widthsExpected = [6, 24, 20, 36, 36, 40];

/** One object a line: an array would not end. */
function jsonLines(events: readonly RecordedEvent[]): string {
  return events.map((event) => `${JSON.stringify(event)}\n`).join('');
}

function interruptionText({ failure, after, waitMs }: Interruption): string {
  const why = failure?.message ?? 'The server has ended the stream.';
  const place = after === undefined ? '' : `, after event ${after}`;
  return `seatledger: ${printable(why)} Going on in ${Math.ceil(waitMs / 1000)} s${place}.`;
}

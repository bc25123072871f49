import { type EventsPage, operations, type RecordedEvent } from '@seatledger/contract';
import type { Command } from 'commander';
import { numberArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { hasMembers } from '../../connection/answerShape.ts';
import { type Connection, connect } from '../../connection/connection.ts';
import { isRecordedEvent } from '../../connection/eventShape.ts';
import { writeListing } from '../../output/listing.ts';
import { addCommand } from '../addCommand.ts';
import { addListOptions, type ListOptions, listFormatOf } from '../listOptions.ts';
import { eventListing } from './eventListing.ts';

interface EventsListOptions extends ListOptions {
  readonly after?: number;
  readonly limit?: number;
}

/** Adds `events list`. */
export function addEventsListCommand(events: Command, context: CommandContext): void {
  const command = addCommand(events, 'list', {
    description: 'list what was recorded, in sequence; JSON and CSV have the states before and after too',
    examples: [
      'seatledger events list --limit 20',
      'seatledger events list --after 4711 --json > events.json',
    ],
  })
    .option('--after <event>', 'only what came after this event of the record', numberArgument)
    .option('--limit <number>', 'at most so many events; default: all', numberArgument);
  addListOptions(command).action(async (options: EventsListOptions) => {
    await writeListing(context, {
      format: listFormatOf(options),
      pages: eventPages(await connect(options, context), options),
      listing: eventListing,
    });
  });
}

/** The most that the operation gives at once: each page costs a request. */
const pageEventsMax = 1000;

async function* eventPages(
  connection: Connection,
  { after = 0, limit = Number.POSITIVE_INFINITY }: EventsListOptions,
): AsyncGenerator<readonly RecordedEvent[], undefined> {
  let reached = after;
  let left = limit;
  while (left > 0) {
    const query = { after: String(reached), limit: String(Math.min(left, pageEventsMax)) };
    const { data, nextAfter, hasMore } = await connection.call(
      operations.listEvents,
      // What apps may do is told to administrators alone, which the token has to say.
      { query, permissions: 'held' },
      isEventsPage,
    );
    yield data;
    if (!hasMore) return undefined;
    reached = nextAfter;
    left -= data.length;
  }
  return undefined;
}

function isEventsPage(body: unknown): body is EventsPage {
  return (
    hasMembers(body, { nextAfter: 'number', hasMore: 'boolean' }) &&
    Array.isArray(body.data) &&
    body.data.every(isRecordedEvent)
  );
}

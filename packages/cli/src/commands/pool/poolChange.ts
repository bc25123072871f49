import { operations, type PoolChange } from '@seatledger/contract';
import type { Command } from 'commander';
import { seatsArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { type Sent, sendChange } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { addChangedTermOptions, type ChangedTermOptions, changedTermOf } from '../termOptions.ts';
import { addChangeOptions, type ChangeOptions, somethingOf } from '../writeOptions.ts';
import { isPool, poolText, thePool } from './pool.ts';

interface PoolChangeOptions extends ChangeOptions, ChangedTermOptions {
  readonly seats?: number;
}

/** Adds `pool change`. */
export function addPoolChangeCommand(pool: Command, context: CommandContext): void {
  const command = addCommand(pool, 'change', {
    description: 'change the seats or the term of a pool; what grants occupy is left to them',
    examples: [
      "seatledger pool change 30 --seats 600 --reason 'order 4711'",
      'seatledger pool change 30 --no-expiry',
    ],
  })
    .argument('<pool>', 'the id of the pool')
    .option('--seats <number>', 'how many seats it holds', seatsArgument);
  addChangeOptions(addChangedTermOptions(command)).action(
    async (poolId: string, options: PoolChangeOptions) => {
      const body: Sent<PoolChange> = somethingOf({ seats: options.seats, ...changedTermOf(options) });
      const of = thePool(poolId);
      const changed = await sendChange(
        await connect(options, context),
        { of, operation: operations.changePool, path: of.path, body, reads: isPool },
        options,
      );
      await writeAnswer(context, options, changed, poolText);
    },
  );
}

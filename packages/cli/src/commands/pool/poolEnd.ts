import { operations } from '@seatledger/contract';
import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { sendChange } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { addChangeOptions, type ChangeOptions } from '../writeOptions.ts';
import { isPool, poolText, thePool } from './pool.ts';

/** Adds `pool end`. */
export function addPoolEndCommand(pool: Command, context: CommandContext): void {
  const command = addCommand(pool, 'end', {
    description: 'end a pool now; its grants have to be ended before',
    examples: ["seatledger pool end 30 --reason 'cancelled'"],
  }).argument('<pool>', 'the id of the pool');
  addChangeOptions(command).action(async (poolId: string, options: ChangeOptions) => {
    const of = thePool(poolId);
    const ended = await sendChange(
      await connect(options, context),
      { of, operation: operations.endPool, path: of.path, reads: isPool },
      options,
    );
    await writeAnswer(context, options, ended, poolText);
  });
}

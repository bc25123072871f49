import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { addConnectionOptions, type ConnectionOptions } from '../../connection/settings.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { isPool, poolText, thePool } from './pool.ts';

/** Adds `pool show`. */
export function addPoolShowCommand(pool: Command, context: CommandContext): void {
  const command = addCommand(pool, 'show', {
    description: 'show a pool and how much of it is occupied',
    examples: ['seatledger pool show 30'],
  }).argument('<pool>', 'the id of the pool');
  addConnectionOptions(command).action(
    async (poolId: string, options: ConnectionOptions & { json?: boolean }) => {
      const { operation, path } = thePool(poolId);
      const connection = await connect(options, context);
      const found = await connection.call(operation, { path }, isPool);
      await writeAnswer(context, options, found, poolText);
    },
  );
}

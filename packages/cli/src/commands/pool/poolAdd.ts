import { type NewPool, operations, type Resource } from '@seatledger/contract';
import { Argument, type Command } from 'commander';
import { resourceArgument, seatsArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { type Sent, sendWrite } from '../../connection/writes.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { addTermOptions, type TermOptions } from '../termOptions.ts';
import { addWriteOptions, type WriteOptions } from '../writeOptions.ts';
import { isPool, poolText } from './pool.ts';

interface PoolAddOptions extends WriteOptions, TermOptions {
  readonly seats: number;
  readonly source?: string;
}

/** Adds `pool add`. */
export function addPoolAddCommand(pool: Command, context: CommandContext): void {
  const command = addCommand(pool, 'add', {
    description: 'add a pool of seats to hand out, and print it with its id',
    examples: ['seatledger pool add Office365Backup --seats 500 --expires-at 2027-01-01 --source northwind'],
  })
    .addArgument(
      new Argument('<resource>', 'the id or the service text of the resource').argParser(resourceArgument),
    )
    .requiredOption('--seats <number>', 'how many seats it holds', seatsArgument)
    .option('--source <name>', 'who says that there is this pool');
  addWriteOptions(addTermOptions(command)).action(async (resource: Resource, options: PoolAddOptions) => {
    const { seats, startsAt, expiresAt, source } = options;
    const body: Sent<NewPool> = {
      resource: resource.id,
      productType: resource.productType,
      seats,
      startsAt,
      expiresAt,
      source,
    };
    const added = await sendWrite(
      await connect(options, context),
      { operation: operations.addPool, body, reads: isPool },
      options,
    );
    await writeAnswer(context, options, added, poolText);
  });
}

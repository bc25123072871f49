import {
  type CustomerId,
  type LicenceType,
  licenceTypes,
  type NewSubscriptionLine,
  operations,
  type Product,
  type Resource,
} from '@seatledger/contract';
import { type Command, Option } from 'commander';
import { numberArgument, productArgument, resourceArgument, seatsArgument } from '../../arguments.ts';
import type { CommandContext } from '../../commandContext.ts';
import { connect } from '../../connection/connection.ts';
import { operationPath } from '../../connection/operationPath.ts';
import { type Sent, sendWrite } from '../../connection/writes.ts';
import { localFailure } from '../../failure.ts';
import { writeAnswer } from '../../output/answer.ts';
import { addCommand } from '../addCommand.ts';
import { customerOperand } from '../operands.ts';
import { addTermOptions, type TermOptions } from '../termOptions.ts';
import { addWriteOptions, type WriteOptions } from '../writeOptions.ts';
import { type Details, detailOption } from './details.ts';
import { isLine, lineText } from './line.ts';

interface LineAddOptions extends WriteOptions, TermOptions {
  readonly product?: Product;
  readonly resource?: Resource;
  readonly seats: number;
  readonly source?: string;
  readonly externalId?: string;
  readonly licenceType?: LicenceType;
  readonly pool?: number;
  readonly detail?: Details;
}

/** Adds `line add`. */
export function addLineAddCommand(line: Command, context: CommandContext): void {
  const command = addCommand(line, 'add', {
    description: 'add a subscription line to a customer, or a grant from a pool, and print it with its id',
    examples: [
      'seatledger line add contoso --product 2048 --seats 25 --expires-at 2027-01-01 --external-id sub-1001',
      "seatledger line add contoso --resource Office365Backup --seats 25 --pool 30 --reason 'order 4711'",
      "seatledger line add contoso --product opus --seats 5 --detail package=Standard 'subscriptionName=Opus 5'",
    ],
  })
    .addArgument(customerOperand())
    .option('--product <product>', 'the product, by number or by name', productArgument)
    .option(
      '--resource <resource>',
      "the resource, by id or by service text; default: the product's default one",
      resourceArgument,
    )
    .requiredOption(
      '--seats <number>',
      'how many seats, or units where the resource counts them',
      seatsArgument,
    )
    .option('--source <name>', 'who says that there is this line')
    .option('--external-id <id>', 'its id in the system that it comes from')
    .addOption(
      new Option('--licence-type <type>', 'whether it is paid for; default: enterprise').choices(
        licenceTypes,
      ),
    )
    .option('--pool <id>', 'the pool that it is a grant from, with which it ends', numberArgument)
    .addOption(detailOption());
  addWriteOptions(addTermOptions(command)).action(async (customerId: CustomerId, options: LineAddOptions) => {
    const operation = operations.addLine;
    const body = newLineOf(options);
    const added = await sendWrite(
      await connect(options, context),
      { operation, path: operationPath(operation.path, { customerId }), body, reads: isLine },
      options,
    );
    await writeAnswer(context, options, added, lineText);
  });
}

function newLineOf({
  product,
  resource,
  pool,
  detail,
  ...options
}: LineAddOptions): Sent<NewSubscriptionLine> {
  if (product === undefined && resource === undefined) {
    throw localFailure('usage_wrong', 'Neither a product nor a resource is named.', {
      remedy: 'Name one with --product or --resource; seatledger products lists them.',
    });
  }
  const { seats, startsAt, expiresAt, source, externalId, licenceType } = options;
  return {
    productType: product?.type,
    resource: resource?.id,
    seats,
    startsAt,
    expiresAt,
    source,
    externalId,
    licenceType,
    poolId: pool,
    details: detail,
  };
}

import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { writeJsonArray } from '../../output/json.ts';
import { type Column, table } from '../../output/table.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { addStoreOptions, type StoreOptions } from '../storeOptions.ts';

interface ListedKey {
  readonly kid: string;
  readonly createdAt: string;
  readonly state: string;
}

const columns: readonly Column<ListedKey>[] = [
  { title: 'KEY', value: ({ kid }) => kid },
  { title: 'CREATED', value: ({ createdAt }) => createdAt },
  { title: 'STATE', value: ({ state }) => state },
];

/** Adds `keys list`. */
export function addKeysListCommand(keys: Command, context: CommandContext): void {
  const command = addCommand(keys, 'list', {
    summary: 'list the signing keys, the oldest first',
    description:
      'list the signing keys, the oldest first: the one that signs, those that verify tokens from before, one that is shown before it signs, and those that have ended. Run it on a data folder as the user that the server runs as',
    examples: ['seatledger keys list --data ./data', 'seatledger keys list --json'],
  });
  addStoreOptions(command).action(async ({ json = false, ...store }: StoreOptions & { json?: boolean }) => {
    const { listKeys } = await import('../../operator/signingKeys.ts');
    const listed = (await listKeys(store)).map(({ kid, createdAt, state }) => ({
      kid,
      createdAt: new Date(createdAt).toISOString(),
      state,
    }));
    if (json) await writeJsonArray(context, [listed]);
    else if (listed.length === 0)
      await write(
        context.stderr,
        'There is no signing key yet; a server makes the first one when it starts.\n',
      );
    else await write(context.stdout, table(listed, columns, context.stdout));
  });
}

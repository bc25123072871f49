import type { Command } from 'commander';
import type { CommandContext } from '../../commandContext.ts';
import { confirm } from '../../output/confirm.ts';
import { factsText } from '../../output/facts.ts';
import { writeJson } from '../../output/json.ts';
import { write } from '../../output/write.ts';
import { addCommand } from '../addCommand.ts';
import { addStoreOptions, type StoreOptions } from '../storeOptions.ts';

interface KeysRotateOptions extends StoreOptions {
  readonly dropOthers?: boolean;
  readonly yes?: boolean;
  readonly json?: boolean;
}

/** Adds `keys rotate`. */
export function addKeysRotateCommand(keys: Command, context: CommandContext): void {
  const command = addCommand(keys, 'rotate', {
    summary: 'make a new signing key, which signs from a few seconds on',
    description:
      'make a new signing key, which signs from a few seconds on, also while servers run on the store; tokens that older keys signed stay good until they expire. Run it on a data folder as the user that the server runs as, which has to read the key',
    examples: ['seatledger keys rotate --data ./data', 'seatledger keys rotate --drop-others --yes'],
  })
    .option('--drop-others', 'remove the other keys too: every token is refused within a second')
    .option('--yes', 'with --drop-others: do not ask whether it is meant');
  addStoreOptions(command).action(
    async ({ dropOthers = false, yes = false, json = false, ...store }: KeysRotateOptions) => {
      if (dropOthers && !yes)
        await confirm(context, 'Refuse every token there is, so that all clients have to get new ones?');
      const { rotateKeys } = await import('../../operator/signingKeys.ts');
      const { kid, signsAt, removed } = await rotateKeys(store, { dropOthers });
      const rotated = { kid, signsAt: new Date(signsAt).toISOString(), removed };
      if (json) {
        await writeJson(context, rotated);
        return;
      }
      await write(
        context.stdout,
        factsText([
          ['key', rotated.kid],
          ['signs from', rotated.signsAt],
          ['old keys removed', removed.length],
        ]),
      );
      await write(context.stderr, dropOthers ? droppedText : keptText);
    },
  );
}

const keptText = 'Tokens that the other keys signed stay good until they expire.\n';
const droppedText = 'Every token from before is refused within a second: clients have to get new ones.\n';

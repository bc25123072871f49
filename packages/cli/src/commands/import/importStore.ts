/** A whole store from a file that `export` wrote. */

import type { CommandContext } from '../../commandContext.ts';
import { localFailure } from '../../failure.ts';
import { requireReadable, stdinName } from '../../inputFile.ts';
import { writeAnswer } from '../../output/answer.ts';
import { movedStoreText } from '../movedStore.ts';
import type { StoreOptions } from '../storeOptions.ts';

export async function importStore(
  file: string,
  { store, json = false }: { store: StoreOptions; json?: boolean },
  context: CommandContext,
): Promise<void> {
  if (file === stdinName)
    throw localFailure('usage_wrong', 'A store is filled from a file, and not from stdin.');
  await requireReadable(file);
  const { fillStore } = await import('../../operator/wholeStore.ts');
  const moved = await fillStore(store, file);
  await writeAnswer(context, { json }, moved, movedStoreText('Imported', context));
}

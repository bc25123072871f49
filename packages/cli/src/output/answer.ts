import type { CommandContext } from '../commandContext.ts';
import { writeJson } from './json.ts';
import { write } from './write.ts';

/** Prints what the server answered: as it is for machines, as a text for people. */
export async function writeAnswer<Answer>(
  context: CommandContext,
  { json = false }: { json?: boolean },
  answer: Answer,
  text: (answer: Answer) => string,
): Promise<void> {
  if (json) await writeJson(context, answer);
  else await write(context.stdout, text(answer));
}

/** The users that a command names, as its operands or one a line in a file, in bulks of what one request takes. */

import type { CommandContext } from '../../commandContext.ts';
import { localFailure } from '../../failure.ts';
import { type InputFile, stdinName, withInputFile } from '../../inputFile.ts';
import { textLines } from '../../textLines.ts';

export interface NamedUser {
  readonly user: string;
  /** Its line in the file, counted from 1; undefined for one of the command line. */
  readonly line: number | undefined;
}

/** How many users one request can name. */
const bulkUsersMax = 1000;

/** Lends the users, none of which is empty. Fails with wrong usage where there is none. */
export async function withNamedUsers<Result>(
  { users, file }: { users: readonly string[]; file: string | undefined },
  context: CommandContext,
  use: (bulks: AsyncIterable<readonly NamedUser[]>) => Promise<Result>,
): Promise<Result> {
  if (file === undefined) return use(bulksOf(users.map((user) => ({ user, line: undefined }))));
  if (users.length > 0)
    throw localFailure('usage_wrong', 'Users are named on the command line and in a file.');
  const place = file === stdinName ? 'Standard input' : file;
  return withInputFile(file, context, (input) => use(bulksOf(usersOfFile(place, input))));
}

async function* bulksOf(
  users: Iterable<NamedUser> | AsyncIterable<NamedUser>,
): AsyncGenerator<readonly NamedUser[], undefined> {
  let bulk: NamedUser[] = [];
  for await (const user of users) {
    bulk.push(user);
    if (bulk.length < bulkUsersMax) continue;
    yield bulk;
    bulk = [];
  }
  if (bulk.length > 0) yield bulk;
  return undefined;
}

async function* usersOfFile(place: string, { bytes }: InputFile): AsyncGenerator<NamedUser, undefined> {
  let line = 0;
  for await (const lines of textLines(decoded(place, bytes))) {
    for (const text of lines) {
      line++;
      const user = text.trim();
      if (user !== '') yield { user, line };
    }
  }
  return undefined;
}

/** A letter that is replaced because it is in another encoding would be a letter of another person. */
async function* decoded(place: string, bytes: AsyncIterable<Uint8Array>): AsyncGenerator<string, undefined> {
  const decoder = new TextDecoder('utf-8', { fatal: true });
  function decode(chunk?: Uint8Array): string {
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch (cause) {
      throw localFailure('file_unreadable', `${place} cannot be read: it is not text in UTF-8.`, { cause });
    }
  }
  for await (const chunk of bytes) yield decode(chunk);
  yield decode();
  return undefined;
}

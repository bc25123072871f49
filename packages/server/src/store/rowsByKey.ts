/** Rows by keys that come in one turn of the event loop, read at once. */

import type { Connection, ParametersOf } from './connection.ts';
import { inTurns } from './inTurns.ts';
import type { Statement } from './statement.ts';

export type Key = ParametersOf<unknown>;
type KeyStatement = Statement<unknown, unknown>;

/** `readAll` gives the row of each key, in their order, and undefined where there is none. */
export function rowsByKey(
  readAll: (source: KeyStatement, keys: readonly Key[]) => Promise<readonly unknown[]>,
): Connection['firstByKey'] {
  const readers = new WeakMap<KeyStatement, (key: Key) => Promise<unknown>>();

  function readerOf(source: KeyStatement) {
    let reader = readers.get(source);
    if (reader === undefined) {
      reader = together((keys) => readAll(source, keys));
      readers.set(source, reader);
    }
    return reader;
  }
  return <Parameters, Result>(source: Statement<Parameters, Result>, key: ParametersOf<Parameters>) =>
    readerOf(source)(key) as Promise<Result | undefined>;
}

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Gathers what it is asked in a turn, and has it answered by one call. Where that fails, all of them fail. */
function together<Question, Answer>(
  answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  async function answer(asked: readonly Asked<Question, Answer>[]): Promise<void> {
    try {
      const answers = await answerAll(asked.map(({ question }) => question));
      for (const [index, { resolve }] of asked.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
  const ask = inTurns<Asked<Question, Answer>>((asked) => void answer(asked));
  return (question) => new Promise((resolve, reject) => ask({ question, resolve, reject }));
}

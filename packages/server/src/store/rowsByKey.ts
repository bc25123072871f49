/** Rows by keys that come in one turn of the event loop, read at once. */

import type { Connection, ParametersOf } from './connection.ts';
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

/** Gathers what it is asked until the turn is over, and has it answered by one call. Where that fails, all of them fail. */
function together<Question, Answer>(
  answerAll: (questions: readonly Question[]) => Promise<readonly Answer[]>,
): (question: Question) => Promise<Answer> {
  let gathered: Asked<Question, Answer>[] = [];

  async function end(): Promise<void> {
    const asked = gathered;
    gathered = [];
    try {
      const answers = await answerAll(asked.map(({ question }) => question));
      for (const [index, { resolve }] of asked.entries()) resolve(answers[index] as Answer);
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
  }
  return (question) =>
    new Promise((resolve, reject) => {
      // Requests are taken in before immediates run: those of every connection that has sent one by now are gathered.
      if (gathered.push({ question, resolve, reject }) === 1) setImmediate(() => void end());
    });
}

/** Work that is asked for in one turn of the event loop and done at once. */

interface Asked<Question, Answer> {
  readonly question: Question;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * A function that gathers what it is asked until the turn is over, and answers it by one call of `answerAll`, which gives an answer for each
 * question, in their order. Where that fails, all of them fail.
 */
export function together<Question, Answer>(
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

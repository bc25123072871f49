/** The lines of a text. They end where they were ended, and not at what else Unicode calls the end of a line. */

/** As many lines at once as have come in, each with its line feed: what lacks one was not ended. */
export async function* textLines(
  pieces: AsyncIterable<string>,
): AsyncGenerator<readonly string[], undefined> {
  let rest = '';
  for await (const piece of pieces) {
    const end = piece.lastIndexOf('\n') + 1;
    if (end === 0) {
      rest += piece;
      continue;
    }
    const lines = (rest + piece.slice(0, end)).split(afterLineFeed);
    rest = piece.slice(end);
    yield lines;
  }
  if (rest !== '') yield [rest];
  return undefined;
}

const afterLineFeed = /(?<=\n)/;

/** A stream of server-sent events as it comes in. Source: the HTML standard, "Interpreting an event stream", lines ended by a line feed. */

import { textLines } from '../textLines.ts';

export interface ServerSentBlock {
  /** Undefined where the block names none: the last one stays. */
  readonly id: string | undefined;
  /** Undefined where the block is no event. */
  readonly data: string | undefined;
}

/** The blocks, as many at once as have come in. What is not ended by an empty line did not come whole, and is not told. */
export async function* serverSentBlocks(
  pieces: AsyncIterable<string>,
): AsyncGenerator<readonly ServerSentBlock[], undefined> {
  let id: string | undefined;
  let data: string[] = [];
  for await (const lines of textLines(pieces)) {
    const blocks: ServerSentBlock[] = [];
    for (const line of lines) {
      const [, name, value = ''] = /^(\w*)(?:: ?(.*))?\n$/.exec(line) ?? [];
      if (line === '\n') {
        if (id !== undefined || data.length > 0)
          blocks.push({ id, data: data.length > 0 ? data.join('\n') : undefined });
        id = undefined;
        data = [];
      } else if (name === 'id') id = value;
      else if (name === 'data') data.push(value);
    }
    if (blocks.length > 0) yield blocks;
  }
  return undefined;
}

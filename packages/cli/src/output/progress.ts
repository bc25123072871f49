/** How much of a file is sent, on one line of a terminal that is redrawn and at last removed. */

import type { TerminalStream } from '../commandContext.ts';
import type { InputFile } from '../inputFile.ts';

/** Lends the bytes to `use` and shows how far they are taken, where the stream is a terminal. */
export async function withUploadProgress<Result>(
  stream: TerminalStream,
  { bytes, bytesTotal }: InputFile,
  use: (bytes: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result> {
  if (stream.isTTY !== true) return use(bytes);
  try {
    return await use(shown(stream, { bytes, bytesTotal }));
  } finally {
    stream.write(clearLine);
  }
}

const mebibyte = 1_048_576;
const clearLine = '\r\u001b[2K';

async function* shown(stream: TerminalStream, { bytes, bytesTotal }: InputFile): AsyncGenerator<Uint8Array> {
  let bytesSent = 0;
  let textShown = '';
  for await (const chunk of bytes) {
    yield chunk;
    bytesSent += chunk.length;
    const text = progressText(bytesSent, bytesTotal);
    if (text !== textShown) stream.write(clearLine + text);
    textShown = text;
  }
  stream.write(`${clearLine}all sent; waiting for the server`);
}

function progressText(bytesSent: number, bytesTotal: number | undefined): string {
  const sent = `sent ${Math.floor(bytesSent / mebibyte)} MiB`;
  return bytesTotal === undefined ? sent : `${sent}, ${Math.floor((100 * bytesSent) / bytesTotal)} %`;
}

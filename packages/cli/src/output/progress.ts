/** How far a long transfer is, on one line of a terminal that is redrawn and at last removed. */

import type { TerminalStream } from '../commandContext.ts';
import type { InputFile } from '../inputFile.ts';

/** Lends the bytes to `use` and shows how far they are taken, and how long it takes after that, where the stream is a terminal. */
export async function withUploadProgress<Result>(
  stream: TerminalStream,
  { bytes, bytesTotal }: InputFile,
  use: (bytes: AsyncIterable<Uint8Array>) => Promise<Result>,
): Promise<Result> {
  if (stream.isTTY !== true) return use(bytes);
  return withProgressLine(stream, async (show) => {
    let clock: NodeJS.Timeout | undefined;
    function waitForServer(): void {
      let seconds = 0;
      const tell = () => show(`all sent; the server checks it all, then applies it: ${seconds++} s`);
      tell();
      clock = setInterval(tell, 1000);
    }
    try {
      return await use(shown(show, waitForServer, { bytes, bytesTotal }));
    } finally {
      clearInterval(clock);
    }
  });
}

/** Tells `use` how to show what is written, where the stream is a terminal. */
export async function withWriteProgress<Result>(
  stream: TerminalStream,
  use: (wrote: (bytes: number) => void) => Promise<Result>,
): Promise<Result> {
  if (stream.isTTY !== true) return use(() => undefined);
  return withProgressLine(stream, (show) => {
    let bytesWritten = 0;
    return use((bytes) => {
      bytesWritten += bytes;
      show(`written ${mebibytes(bytesWritten)}`);
    });
  });
}

/** Tells `use` how to show which part is done, where the stream is a terminal. */
export async function withPartProgress<Result>(
  stream: TerminalStream,
  verb: string,
  use: (done: (part: number) => void) => Promise<Result>,
): Promise<Result> {
  if (stream.isTTY !== true) return use(() => undefined);
  return withProgressLine(stream, (show) => use((part) => show(`${verb} ${Math.floor(100 * part)} %`)));
}

type Show = (text: string) => void;

const mebibyte = 1_048_576;
const clearLine = '\r\u001b[2K';

async function withProgressLine<Result>(
  stream: TerminalStream,
  use: (show: Show) => Promise<Result>,
): Promise<Result> {
  let textShown = '';
  try {
    return await use((text) => {
      if (text !== textShown) stream.write(clearLine + text);
      textShown = text;
    });
  } finally {
    stream.write(clearLine);
  }
}

async function* shown(
  show: Show,
  onSent: () => void,
  { bytes, bytesTotal }: InputFile,
): AsyncGenerator<Uint8Array> {
  let bytesSent = 0;
  for await (const chunk of bytes) {
    yield chunk;
    bytesSent += chunk.length;
    show(progressText(bytesSent, bytesTotal));
  }
  onSent();
}

function progressText(bytesSent: number, bytesTotal: number | undefined): string {
  const sent = `sent ${mebibytes(bytesSent)}`;
  return bytesTotal === undefined ? sent : `${sent}, ${Math.floor((100 * bytesSent) / bytesTotal)} %`;
}

function mebibytes(bytes: number): string {
  return `${Math.floor(bytes / mebibyte)} MiB`;
}

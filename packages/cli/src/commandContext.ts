/** What a command works with. It reaches for nothing else of the process, so a test can give it its own. */

import type { Readable, Writable } from 'node:stream';
import type { Environment } from './environment.ts';

export interface TerminalStream extends Writable {
  readonly isTTY?: boolean;
}

interface TerminalInput extends Readable {
  readonly isTTY?: boolean;
}

export interface CommandContext {
  readonly environment: Environment;
  readonly stdin: TerminalInput;
  readonly stdout: TerminalStream;
  readonly stderr: TerminalStream;
  /** Aborted by Ctrl-C, for a command that goes on until then; the others end by it. */
  readonly interrupted: AbortSignal;
}

/** The way of an import: taken in whole, checked in a thread of its own, applied as one change, and nothing of it left behind. */

import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { Worker } from 'node:worker_threads';
import { type FieldProblem, type ProblemCode, ProblemError } from '@seatledger/contract';
import type { MakeChange } from './changes.ts';
import type { Import, ImportFormat } from './http/index.ts';
import type { StagedImport, Staging } from './store/staging.ts';

type CheckReply =
  | { readonly checked: true }
  | {
      readonly checked: false;
      readonly code: ProblemCode;
      readonly detail: string;
      readonly errors: readonly FieldProblem[];
      readonly errorCount: number;
    };

export interface Imports {
  readonly importBody: Import;
  /** Lends the file of the body's checked rows to `use`. */
  checked<Result>(
    body: Readable,
    request: { bytesMax: number; format: ImportFormat },
    use: (rowsPath: string) => Promise<Result>,
  ): Promise<Result>;
  /** How many imports are underway. */
  underway(): number;
  /** Resolves when no import is underway: one goes on to its end also where its caller has hung up. */
  settled(): Promise<void>;
  /** Begins no more checks: those that wait for one fail with `server_stopping`. */
  giveUp(): void;
}

/** How many imports can be underway. Each holds files as large as its body; what comes beyond is told to come later. */
const underwayMax = 16;

export function createImports({
  staging,
  make,
  clock,
}: {
  staging: Staging;
  make: MakeChange;
  clock: { now(): number };
}): Imports {
  const underway = new Set<Promise<unknown>>();
  let isGivenUp = false;
  // One at a time: a thread costs memory, and so many of them would leave the answers none of the processor.
  let lastCheck: Promise<unknown> = Promise.resolve();
  function checkInTurn(staged: StagedImport, format: ImportFormat): Promise<void> {
    const checking = lastCheck.then(() => {
      if (isGivenUp) throw new ProblemError('server_stopping');
      return check(staged, format);
    });
    lastCheck = checking.catch(() => undefined);
    return checking;
  }

  async function checkedNow<Result>(
    body: Readable,
    { bytesMax, format }: { bytesMax: number; format: ImportFormat },
    use: (rowsPath: string) => Promise<Result>,
  ): Promise<Result> {
    const staged = await staging.receive(body, bytesMax);
    try {
      await checkInTurn(staged, format);
      return await use(staged.rowsPath);
    } finally {
      await staged.discard();
    }
  }

  const imports: Imports = {
    async checked(body, request, use) {
      if (underway.size >= underwayMax) throw new ProblemError('imports_busy');
      const importing = checkedNow(body, request, use).finally(() => underway.delete(importing));
      underway.add(importing);
      return importing;
    },
    importBody: (body, { bytesMax, format, dryRun, replace, customersNow, partnerId, actor, reason }) =>
      imports.checked(body, { bytesMax, format }, async (rowsPath) => {
        // The file took its time to arrive and to be checked.
        const input = { rowsPath, dryRun, replace, customers: await customersNow() };
        return make({ kind: 'lines.import', input, partnerId, actor, reason, now: clock.now() });
      }),
    underway: () => underway.size,
    async settled() {
      await Promise.allSettled(underway);
    },
    giveUp() {
      isGivenUp = true;
    },
  };
  return imports;
}

/** Throws `import_invalid` and `storage_full`. */
async function check({ bodyPath, rowsPath }: StagedImport, format: ImportFormat): Promise<void> {
  const thread = new Worker(new URL('./threads/checkImport.ts', import.meta.url), {
    workerData: { bodyPath, rowsPath, format },
  });
  // A server that stops does not wait for it: what was not applied was not acknowledged.
  thread.unref();
  // A failure of the thread itself rejects this: once() listens for 'error' too.
  const [reply] = (await once(thread, 'message')) as [CheckReply];
  if (!reply.checked) throw new ProblemError(reply.code, reply);
}

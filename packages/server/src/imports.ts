/** The way of an import: taken in whole, checked in a thread of its own, applied as one change, and nothing of it left behind. */

import { once } from 'node:events';
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
  /** Resolves when no import is underway: one goes on to its end also where its caller has hung up. */
  settled(): Promise<void>;
}

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

  const importBody: Import = async (
    body,
    { bytesMax, format, dryRun, replace, customers, partnerId, actor },
  ) => {
    const staged = await staging.receive(body, bytesMax);
    try {
      await check(staged, format);
      const input = { rowsPath: staged.rowsPath, dryRun, replace, customers };
      return await make({ kind: 'lines.import', input, partnerId, actor, reason: null, now: clock.now() });
    } finally {
      await staged.discard();
    }
  };

  return {
    importBody(body, request) {
      const importing = importBody(body, request).finally(() => underway.delete(importing));
      underway.add(importing);
      return importing;
    },
    async settled() {
      await Promise.allSettled(underway);
    },
  };
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

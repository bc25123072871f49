/** Every kind of change there is, and the one way in which a change is made: apply it, then close its record. */

import type { CustomerId, ImportReport } from '@seatledger/contract';
import { createPartner, type Partner } from './estate/index.ts';
import { type AppRequest, deleteApp, type RegisteredApp, registerApp } from './identity/index.ts';
import { type ImportRow, importLines } from './ledger/index.ts';
import { type ChangeContext, openRecorder, type Outcome, type Recorder } from './record/index.ts';
import type { Stores } from './store/stores.ts';

/** What each kind of change takes and comes to. All of it can be sent from one thread to another. */
export interface Changes {
  'partner.create': { input: { name: string }; result: Partner };
  /** A partner, its lines and an app of it, all at once or not at all. */
  'sample.load': { input: { partner: string; rowsPath: string; app: AppRequest }; result: RegisteredApp };
  'app.register': { input: AppRequest; result: RegisteredApp };
  'app.delete': { input: { clientId: string }; result: null };
  'lines.import': {
    input: {
      /** The file of checked rows. */
      rowsPath: string;
      dryRun: boolean;
      replace: boolean;
      customers: 'all' | ReadonlySet<CustomerId>;
    };
    result: ImportReport;
  };
}
export type ChangeKind = keyof Changes;

/** The partner of what belongs to none yet. */
export const noPartner = 0;

/** A change that somebody wants made. */
export interface ChangeOrder<Kind extends ChangeKind = ChangeKind> {
  readonly kind: Kind;
  readonly input: Changes[Kind]['input'];
  readonly partnerId: number;
  /** Who: `app:` and a client id, or `operator` for a person at the data folder. */
  readonly actor: string;
  readonly reason: string | null;
  /** When it was asked for; epoch milliseconds. */
  readonly now: number;
}

/** Makes a change and answers when it is durable. Throws `ProblemError` for what the caller did wrong; then nothing was changed. */
export type MakeChange = <Kind extends ChangeKind>(
  order: ChangeOrder<Kind>,
) => Promise<Changes[Kind]['result']>;

/** What changes need beside the stores. */
export interface ChangeTools {
  /** The clock of whoever asked; epoch milliseconds. */
  readonly now: () => number;
  readonly newId: () => string;
  readonly readRows: (rowsPath: string) => AsyncIterable<ImportRow>;
}

interface Work {
  readonly stores: Stores;
  readonly context: ChangeContext & { recorderOf(partnerId: number): Recorder };
  readonly tools: ChangeTools;
}

const handlers: {
  [Kind in ChangeKind]: (
    work: Work,
    input: Changes[Kind]['input'],
  ) => Promise<Outcome<Changes[Kind]['result']>>;
} = {
  'partner.create': ({ stores, context }, input) => createPartner(stores.estate, context, input),
  'app.register': ({ stores, context }, input) => registerApp(stores, context, input),
  'app.delete': ({ stores, context }, input) => deleteApp(stores, context, input),
  async 'sample.load'({ stores, context, tools }, { partner, rowsPath, app }) {
    const { partnerId } = (await createPartner(stores.estate, context, { name: partner })).result;
    const ofPartner = { ...context, partnerId, recorder: context.recorderOf(partnerId) };
    const rows = tools.readRows(rowsPath);
    await importLines(stores, ofPartner, { rows, dryRun: false, replace: false, customers: 'all' });
    return registerApp(stores, ofPartner, app);
  },
  'lines.import': ({ stores, context, tools }, { rowsPath, ...request }) =>
    importLines(stores, context, { ...request, rows: tools.readRows(rowsPath) }),
};

/** Applies the change in the transaction that the stores are in; the caller commits what is to be kept and rolls back the rest. */
export async function applyChange<Kind extends ChangeKind>(
  stores: Stores,
  { kind, input, partnerId, actor, reason, now }: ChangeOrder<Kind>,
  tools: ChangeTools,
): Promise<Outcome<Changes[Kind]['result']>> {
  const recorders = new Map<number, Recorder>();
  function recorderOf(id: number): Recorder {
    const recorder =
      recorders.get(id) ?? openRecorder(stores.record, { partnerId: id, actor, reason, now: tools.now });
    recorders.set(id, recorder);
    return recorder;
  }
  const context = {
    partnerId,
    now,
    newId: tools.newId,
    recorderOf,
    recorder: recorderOf(partnerId),
  };
  const outcome = await handlers[kind]({ stores, context, tools }, input);
  if (outcome.keep) {
    for (const recorder of recorders.values()) await recorder.close();
  }
  return outcome;
}

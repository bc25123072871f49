/** Every kind of change there is, and the one way in which a change is made: apply it, then close its record. */

import type { CustomerId, ImportReport } from '@seatledger/contract';
import * as estate from './estate/index.ts';
import {
  addCredential,
  type AppRequest,
  changeApp,
  deleteApp,
  noteCredentialUse,
  type RegisteredApp,
  registerApp,
  removeCredential,
  revokeToken,
  useAssertion,
} from './identity/index.ts';
import * as ledger from './ledger/index.ts';
import {
  type ChangeContext,
  type IdempotentWrite,
  keepResult,
  openRecorder,
  type Outcome,
  recallResult,
  type Recorder,
} from './record/index.ts';
import type { RecordStore } from './record/ports.ts';
import type { Stores } from './store/stores.ts';

type InputOf<Change extends (...args: never[]) => unknown> = Parameters<Change>[2];
type ResultOf<Change extends (...args: never[]) => Promise<Outcome<unknown>>> = Awaited<
  ReturnType<Change>
>['result'];
interface Applying<Change extends (...args: never[]) => Promise<Outcome<unknown>>> {
  input: InputOf<Change>;
  result: ResultOf<Change>;
}

/** What each kind of change takes and comes to. All of it can be sent from one thread to another. */
export interface Changes {
  'partner.create': { input: { name: string }; result: estate.Partner };
  /** A partner, its lines and an app of it, all at once or not at all. */
  'sample.load': { input: { partner: string; rowsPath: string; app: AppRequest }; result: RegisteredApp };
  'app.register': Applying<typeof registerApp>;
  'app.change': Applying<typeof changeApp>;
  'app.delete': Applying<typeof deleteApp>;
  'credential.add': Applying<typeof addCredential>;
  'credential.remove': Applying<typeof removeCredential>;
  'credential.use': Applying<typeof noteCredentialUse>;
  'token.revoke': Applying<typeof revokeToken>;
  'assertion.use': Applying<typeof useAssertion>;
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
  'customer.create': Applying<typeof estate.createCustomer>;
  'customer.onboard': Applying<typeof estate.onboardCustomer>;
  'customer.change': Applying<typeof estate.changeCustomer>;
  'tenant.set': Applying<typeof estate.setTenant>;
  'tenant.remove': Applying<typeof estate.removeTenant>;
  'group.create': Applying<typeof estate.createGroup>;
  'group.change': Applying<typeof estate.changeGroup>;
  'group.delete': Applying<typeof estate.deleteGroup>;
  'group.join': Applying<typeof estate.joinGroup>;
  'group.leave': Applying<typeof estate.leaveGroup>;
  'pool.add': Applying<typeof ledger.addPool>;
  'pool.change': Applying<typeof ledger.changePool>;
  'pool.end': Applying<typeof ledger.endPool>;
  'line.add': Applying<typeof ledger.addLine>;
  'line.change': Applying<typeof ledger.changeLine>;
  'line.end': Applying<typeof ledger.endLine>;
  'service.add': Applying<typeof ledger.addServices>;
  'trial.add': Applying<typeof ledger.addTrial>;
  'seats.assign': Applying<typeof ledger.assignSeats>;
  'seats.release': Applying<typeof ledger.releaseSeats>;
  'user.erase': Applying<typeof ledger.eraseUser>;
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
  /** Names the order, so that it is done once however often it is sent. */
  readonly idempotencyKey?: string | null;
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
  readonly readRows: (rowsPath: string) => AsyncIterable<readonly ledger.ImportRow[]>;
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
  'partner.create': ({ stores, context }, input) => estate.createPartner(stores.estate, context, input),
  'app.register': ({ stores, context }, input) => registerApp(stores, context, input),
  'app.change': ({ stores, context }, input) => changeApp(stores, context, input),
  'app.delete': ({ stores, context }, input) => deleteApp(stores, context, input),
  'credential.add': ({ stores, context }, input) => addCredential(stores, context, input),
  'credential.remove': ({ stores, context }, input) => removeCredential(stores, context, input),
  'credential.use': ({ stores, context }, input) => noteCredentialUse(stores, context, input),
  'token.revoke': ({ stores, context }, input) => revokeToken(stores, context, input),
  'assertion.use': ({ stores, context }, input) => useAssertion(stores, context, input),
  async 'sample.load'({ stores, context, tools }, { partner, rowsPath, app }) {
    const { partnerId } = (await estate.createPartner(stores.estate, context, { name: partner })).result;
    const ofPartner = { ...context, partnerId, recorder: context.recorderOf(partnerId) };
    const rows = tools.readRows(rowsPath);
    await ledger.importLines(stores, ofPartner, { rows, dryRun: false, replace: false, customers: 'all' });
    return registerApp(stores, ofPartner, app);
  },
  'lines.import': ({ stores, context, tools }, { rowsPath, ...request }) =>
    ledger.importLines(stores, context, { ...request, rows: tools.readRows(rowsPath) }),
  'customer.create': ({ stores, context }, input) => estate.createCustomer(stores.estate, context, input),
  'customer.onboard': ({ stores, context }, input) => estate.onboardCustomer(stores.estate, context, input),
  'customer.change': ({ stores, context }, input) => estate.changeCustomer(stores.estate, context, input),
  'tenant.set': ({ stores, context }, input) => estate.setTenant(stores.estate, context, input),
  'tenant.remove': ({ stores, context }, input) => estate.removeTenant(stores.estate, context, input),
  'group.create': ({ stores, context }, input) => estate.createGroup(stores.estate, context, input),
  'group.change': ({ stores, context }, input) => estate.changeGroup(stores.estate, context, input),
  'group.delete': ({ stores, context }, input) => estate.deleteGroup(stores.estate, context, input),
  'group.join': ({ stores, context }, input) => estate.joinGroup(stores.estate, context, input),
  'group.leave': ({ stores, context }, input) => estate.leaveGroup(stores.estate, context, input),
  'pool.add': ({ stores, context }, input) => ledger.addPool(stores.pools, context, input),
  'pool.change': ({ stores, context }, input) => ledger.changePool(stores.pools, context, input),
  'pool.end': ({ stores, context }, input) => ledger.endPool(stores.pools, context, input),
  'line.add': ({ stores, context }, input) => ledger.addLine(stores, context, input),
  'line.change': ({ stores, context }, input) => ledger.changeLine(stores, context, input),
  'line.end': ({ stores, context }, input) => ledger.endLine(stores, context, input),
  'service.add': ({ stores, context }, input) => ledger.addServices(stores, context, input),
  'trial.add': ({ stores, context }, input) => ledger.addTrial(stores, context, input),
  'seats.assign': ({ stores, context }, input) => ledger.assignSeats(stores, context, input),
  'seats.release': ({ stores, context }, input) => ledger.releaseSeats(stores, context, input),
  'user.erase': ({ stores, context }, input) => ledger.eraseUser(stores, context, input),
};

/**
 * Kinds of which many can be underway at once for one partner. They lock the customer, then the pool, then the head, and so never wait
 * for one another in a circle; several pools by resource and id. Every other kind is alone with its partner.
 */
const together: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  'line.add',
  'line.change',
  'line.end',
  'service.add',
  'trial.add',
  'seats.assign',
  'seats.release',
  'user.erase',
]);

/** Kinds that leave no event and touch nothing that others look at. They lock nothing, and are over at once where several can write. */
export const apart: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  'assertion.use',
  'credential.use',
  'token.revoke',
]);

/** Kinds after which an app may do more or less than before. */
export const changesOfRights: ReadonlySet<ChangeKind> = new Set<ChangeKind>([
  'app.change',
  'app.delete',
  'app.register',
  'credential.add',
  'credential.remove',
  'group.delete',
  'group.join',
  'group.leave',
]);

/** Applies the change in the transaction that the stores are in; the caller commits what is to be kept and rolls back the rest. */
export async function applyChange<Kind extends ChangeKind>(
  stores: Stores,
  { kind, input, partnerId, actor, reason, idempotencyKey = null, now: askedAt }: ChangeOrder<Kind>,
  tools: ChangeTools,
): Promise<Outcome<Changes[Kind]['result']>> {
  const write: IdempotentWrite | undefined =
    idempotencyKey === null
      ? undefined
      : { partnerId, actor, key: idempotencyKey, request: [kind, input], now: askedAt };
  const recalled = write && (await recallResult(stores, write));
  if (recalled !== undefined) return { keep: false, result: recalled.result as Changes[Kind]['result'] };

  if (together.has(kind)) await stores.locks.together(partnerId);
  else if (!apart.has(kind)) await stores.locks.alone(partnerId);
  const recorders = new Map<number, Recorder>();
  function recorderOf(id: number): Recorder {
    const recorder =
      recorders.get(id) ?? openRecorder(stores.record, { partnerId: id, actor, reason, now: tools.now });
    recorders.set(id, recorder);
    return recorder;
  }
  const context = {
    partnerId,
    instant: instantOf(stores.record, partnerId, tools.now),
    newId: tools.newId,
    recorderOf,
    recorder: recorderOf(partnerId),
  };
  const outcome = await handlers[kind]({ stores, context, tools }, input);
  if (outcome.keep) for (const recorder of recorders.values()) await recorder.close();
  if (write === undefined) return outcome;
  await keepResult(stores.record, write, outcome.isShownOnce ? 'secret' : outcome);
  // Also where nothing changed: sent again, the order must not do what it did not do the first time.
  return { ...outcome, keep: true };
}

/** Not when it was asked for: it may have waited for others, and terms went on meanwhile. */
function instantOf(record: RecordStore, partnerId: number, now: () => number): ChangeContext['instant'] {
  let instant: number | undefined;
  return async () => {
    instant ??= Math.max(now(), (await record.headOf(partnerId))?.recordedAt ?? 0);
    return instant;
  };
}

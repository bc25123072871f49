/** Changes of app registrations. */

import {
  type CustomerId,
  defaultRevision,
  fieldProblem,
  isName,
  type Permission,
  ProblemError,
  type Revision,
  type SecretYears,
} from '@seatledger/contract';
import type { EstateStore } from '../estate/index.ts';
import type { ChangeContext, EventState, Outcome, RecordedEvent } from '../record/index.ts';
import type { App, IdentityStore } from './ports.ts';
import { makeSecret } from './secrets.ts';

export interface AppRequest {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly customers: 'all' | readonly CustomerId[];
  readonly revision: Revision | undefined;
  readonly secretYears: SecretYears | undefined;
  /** What the app that asks may give; null where a person at the data folder asks, who may give everything. */
  readonly grantable: readonly Permission[] | null;
}

export interface RegisteredApp {
  readonly app: App;
  /** Told this once: only its hash is kept. */
  readonly clientSecret: string;
}

/** Throws `grant_exceeds_own` for a permission that is not grantable, `body_invalid` for a customer that is not there. */
export async function registerApp(
  { identity, estate }: { identity: IdentityStore; estate: EstateStore },
  { partnerId, instant, newId, recorder }: ChangeContext,
  request: AppRequest,
): Promise<Outcome<RegisteredApp>> {
  if (!isName(request.name)) {
    throw new ProblemError('body_invalid', { errors: [fieldProblem('name', 'name_invalid')] });
  }
  if (request.permissions.length === 0) {
    throw new ProblemError('body_invalid', { errors: [fieldProblem('permissions', 'value_required')] });
  }
  refuseUngrantable(request);
  const customers = request.customers === 'all' ? 'all' : [...new Set(request.customers)];
  if (customers !== 'all') refuseUnknown(customers, await estate.customersAmong(partnerId, customers));

  const now = await instant();
  const secret = makeSecret({ secretId: newId(), now, years: request.secretYears ?? 1 });
  const app: App = {
    clientId: newId(),
    partnerId,
    name: request.name,
    permissions: [...new Set(request.permissions)],
    customers,
    revision: request.revision ?? defaultRevision,
    createdAt: now,
    secrets: [secret.kept],
  };
  await identity.insertApp(app);
  await recorder.append({
    kind: 'app.created',
    subject: app.clientId,
    customerId: null,
    before: null,
    after: appState(app),
  });
  return { keep: true, result: { app, clientSecret: secret.text } };
}

/** Throws `app_not_found` also for an app of another partner. */
export async function deleteApp(
  { identity }: { identity: IdentityStore },
  { partnerId, recorder }: ChangeContext,
  { clientId }: { clientId: string },
): Promise<Outcome<null>> {
  const app = await identity.appOf(partnerId, clientId.toLowerCase());
  if (app === undefined) throw new ProblemError('app_not_found');
  await identity.deleteApp(app.clientId);
  await recorder.append({
    kind: 'app.deleted',
    subject: app.clientId,
    customerId: null,
    before: appState(app),
    after: null,
  });
  return { keep: true, result: null };
}

function refuseUngrantable({ permissions, grantable }: AppRequest): void {
  const ungrantable = permissions.filter(
    (permission) => grantable !== null && !grantable.includes(permission),
  );
  if (ungrantable.length === 0) return;
  throw new ProblemError('grant_exceeds_own', {
    errors: ungrantable.map((permission) =>
      fieldProblem('permissions', 'permission_not_held', {
        message: `The app that asks does not hold ${permission} itself.`,
      }),
    ),
  });
}

function refuseUnknown(named: readonly CustomerId[], known: readonly CustomerId[]): void {
  const there = new Set(known);
  const unknown = named.filter((id) => !there.has(id));
  if (unknown.length === 0) return;
  throw new ProblemError('body_invalid', {
    detail: 'Some of the customers are not there.',
    errors: unknown
      .slice(0, 100)
      .map((id) =>
        fieldProblem('customers', 'customer_not_found', { message: `There is no customer ${id}.` }),
      ),
    errorCount: unknown.length,
  });
}

/** Apps as the record says they are, each as text, by client id. */
export type AppStates = Map<string, string>;

/** Applies the event to the apps; false where it is not one of apps. */
export function replayApps(apps: AppStates, { kind, subject, after }: RecordedEvent): boolean {
  if (kind !== 'app.created' && kind !== 'app.deleted') return false;
  if (after === null) apps.delete(subject);
  else apps.set(subject, after);
  return true;
}

/** What the last event of the app says of it where nobody altered it. */
export function appStateText(app: App): string {
  return JSON.stringify(appState(app));
}

/** An app as events keep it: nothing of a secret but what tells it from the app's others. */
function appState({ clientId, name, permissions, customers, revision, secrets }: App): EventState {
  return {
    clientId,
    name,
    permissions,
    customers,
    revision,
    secrets: secrets.map(({ secretId }) => secretId),
  };
}

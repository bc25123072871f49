/** Changes of app registrations. */

import {
  credentialsMax,
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
import {
  type ChangeContext,
  type EventState,
  type ExpectedVersion,
  type NewEvent,
  type Outcome,
  type RecordedEvent,
  requireVersion,
} from '../record/index.ts';
import { readCertificate } from './certificates.ts';
import type { App, Credential, CustomerScope, IdentityStore } from './ports.ts';
import { makeSecret } from './secrets.ts';

/** What the app that asks may give; null where a person at the store asks, who may give everything. */
export type Grantable = readonly Permission[] | null;

export interface AppRequest {
  readonly name: string;
  readonly permissions: readonly Permission[];
  readonly scope: CustomerScope;
  readonly revision: Revision | undefined;
  /** Null for no secret. */
  readonly secretYears: SecretYears | null;
  /** As PEM, or DER in base64. */
  readonly certificates: readonly string[];
  readonly grantable: Grantable;
}

export interface AppChange
  extends Partial<Pick<App, 'disabled' | 'name' | 'permissions' | 'revision' | 'scope'>> {
  readonly clientId: string;
  readonly expected: ExpectedVersion;
  readonly grantable: Grantable;
}

export interface RegisteredApp {
  readonly app: App;
  /** Told this once: only its hash is kept. Null where none was made. */
  readonly clientSecret: string | null;
}

interface AppStores {
  readonly identity: IdentityStore;
  readonly estate: EstateStore;
}

/** Throws `grant_exceeds_own` for a permission that is not grantable, `body_invalid` for what cannot be registered. */
export async function registerApp(
  { identity, estate }: AppStores,
  context: ChangeContext,
  request: AppRequest,
): Promise<Outcome<RegisteredApp>> {
  const { partnerId, instant, newId, recorder } = context;
  refuseUngrantable(request.permissions, request.grantable);
  const now = await instant();
  const secret =
    request.secretYears === null
      ? null
      : makeSecret({ credentialId: newId(), now, years: request.secretYears });
  const credentials: Credential[] = secret === null ? [] : [secret.kept];
  for (const [index, certificate] of request.certificates.entries()) {
    const field = `certificates.${index}`;
    const added = await readCertificate(certificate, { credentialId: newId(), now, field });
    refuseTwice(credentials, added, field);
    credentials.push(added);
  }
  if (credentials.length > credentialsMax) throw new ProblemError('credential_limit_reached');
  const clientId = newId();
  const facts = {
    clientId,
    partnerId,
    name: request.name,
    permissions: request.permissions,
    scope: request.scope,
    revision: request.revision ?? defaultRevision,
    disabled: false,
    createdAt: now,
    changedSequence: 0,
    credentials: credentials.toSorted(asTheyAreRead),
  };
  const app = { ...checkedFacts(facts), scope: await checkedScope(estate, partnerId, facts.scope) };
  const changedSequence = await recorder.append(eventOf('app.created', { before: null, after: app }));
  const registered = { ...app, changedSequence };
  await identity.insertApp(registered);
  return {
    keep: true,
    isShownOnce: secret !== null,
    result: { app: registered, clientSecret: secret?.text ?? null },
  };
}

/**
 * Changes what is given and leaves the rest.
 *
 * Throws `app_not_found`, `version_changed`, `body_invalid`, and `grant_exceeds_own` for permissions that are added, come into force
 * again, or come to hold for other customers, and are not grantable.
 */
export async function changeApp(
  { identity, estate }: AppStores,
  { partnerId, recorder }: ChangeContext,
  { clientId, expected, grantable, ...change }: AppChange,
): Promise<Outcome<App>> {
  const app = await appAtWork(identity, partnerId, clientId);
  requireVersion(expected, app.changedSequence);
  const scope = change.scope === undefined ? app.scope : await checkedScope(estate, partnerId, change.scope);
  const changed = { ...checkedFacts({ ...app, ...change }), scope };
  // What comes into force is given: by enabling, and to the customers of another scope, all that the app holds.
  const isGivenAll = app.disabled || !isSameScope(changed.scope, app.scope);
  const inForce = isGivenAll ? [] : app.permissions;
  if (!changed.disabled)
    refuseUngrantable(
      changed.permissions.filter((permission) => !inForce.includes(permission)),
      grantable,
    );
  if (appStateText(changed) === appStateText(app)) return { keep: false, result: app };
  const kind =
    changed.disabled === app.disabled ? 'app.changed' : changed.disabled ? 'app.disabled' : 'app.enabled';
  const changedSequence = await recorder.append(eventOf(kind, { before: app, after: changed }));
  const result = { ...changed, changedSequence };
  await identity.updateApp(result);
  return { keep: true, result };
}

/** Throws `app_not_found` also for an app of another partner. */
export async function deleteApp(
  { identity }: AppStores,
  { partnerId, recorder }: ChangeContext,
  { clientId }: { clientId: string },
): Promise<Outcome<null>> {
  const app = await appAtWork(identity, partnerId, clientId);
  await identity.deleteApp(app.clientId);
  await recorder.append(eventOf('app.deleted', { before: app, after: null }));
  return { keep: true, result: null };
}

/** Throws `app_not_found` also for an app of another partner. */
export async function appAtWork(identity: IdentityStore, partnerId: number, clientId: string): Promise<App> {
  const app = await identity.appOf(partnerId, clientId.toLowerCase());
  if (app === undefined) throw new ProblemError('app_not_found');
  return app;
}

/** Throws `grant_exceeds_own`. */
export function refuseUngrantable(permissions: readonly Permission[], grantable: Grantable): void {
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

/** One certificate is one credential: removed once, it is gone. Throws `body_invalid`. */
export function refuseTwice(credentials: readonly Credential[], added: Credential, field: string): void {
  const isThere = credentials.some(
    (one) =>
      one.kind === 'certificate' && added.kind === 'certificate' && one.certificate === added.certificate,
  );
  if (isThere) throw new ProblemError('body_invalid', { errors: [fieldProblem(field, 'certificate_twice')] });
}

/** The order of credentials that were added at the same instant. */
function asTheyAreRead(one: Credential, other: Credential): number {
  if (one.kind !== other.kind) return one.kind === 'secret' ? -1 : 1;
  return one.credentialId < other.credentialId ? -1 : 1;
}

/** The app with each permission once. Throws `body_invalid` for a name that is none, and without a permission. */
function checkedFacts(app: App): App {
  if (!isName(app.name)) {
    throw new ProblemError('body_invalid', { errors: [fieldProblem('name', 'name_invalid')] });
  }
  const permissions = [...new Set(app.permissions)];
  if (permissions.length === 0) {
    throw new ProblemError('body_invalid', { errors: [fieldProblem('permissions', 'value_required')] });
  }
  return { ...app, permissions };
}

/** The scope with what it names once each, in order. Throws `body_invalid` where it names what is not there. */
async function checkedScope(
  estate: EstateStore,
  partnerId: number,
  scope: CustomerScope,
): Promise<CustomerScope> {
  if (scope === 'all') return scope;
  if ('customers' in scope) {
    const customers = [...new Set(scope.customers)].toSorted();
    refuseUnknown(customers, await estate.customersAmong(partnerId, customers), unknownCustomer);
    return { customers };
  }
  const groups = [...new Set(scope.groups)].toSorted((one, other) => one - other);
  const known: number[] = [];
  for (const groupId of groups) {
    if ((await estate.groupOf(partnerId, groupId)) !== undefined) known.push(groupId);
  }
  refuseUnknown(groups, known, unknownGroup);
  return { groups };
}

/** Both name what they name once each, in order. */
function isSameScope(one: CustomerScope, other: CustomerScope): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

const unknownCustomer = (id: CustomerId) =>
  fieldProblem('customers', 'customer_not_found', { message: `There is no customer ${id}.` });
const unknownGroup = (id: number) =>
  fieldProblem('groups', 'group_not_found', { message: `There is no customer group ${id}.` });

function refuseUnknown<Id>(
  named: readonly Id[],
  known: readonly Id[],
  problemOf: (id: Id) => ReturnType<typeof fieldProblem>,
): void {
  const there = new Set(known);
  const unknown = named.filter((id) => !there.has(id));
  if (unknown.length === 0) return;
  throw new ProblemError('body_invalid', {
    detail: 'Some of what the scope names is not there.',
    errors: unknown.slice(0, 100).map(problemOf),
    errorCount: unknown.length,
  });
}

/** An event of an app, which tells all of it before and after. */
export function eventOf(
  kind: Extract<NewEvent['kind'], `app.${string}`>,
  { before, after }: { before: App; after: App | null } | { before: null; after: App },
): NewEvent {
  const subject = (before ?? after)?.clientId ?? '';
  return {
    kind,
    subject,
    customerId: null,
    before: before && appState(before),
    after: after && appState(after),
  };
}

/** Apps as the record says they are, each as text, by client id. */
export type AppStates = Map<string, string>;

/** Applies the event to the apps; false where it is not one of apps. */
export function replayApps(apps: AppStates, { kind, subject, after }: RecordedEvent): boolean {
  if (!kind.startsWith('app.')) return false;
  if (after === null) apps.delete(subject);
  else apps.set(subject, after);
  return true;
}

/** What the last event of the app says of it where nobody altered it. */
export function appStateText(app: App): string {
  return JSON.stringify(appState(app));
}

/** An app as events keep it: nothing of a credential but what tells it from the app's others. */
function appState({ clientId, name, permissions, scope, revision, disabled, credentials }: App): EventState {
  return {
    clientId,
    name,
    permissions,
    customers: scope === 'all' ? 'all' : 'customers' in scope ? scope.customers : null,
    groups: scope !== 'all' && 'groups' in scope ? scope.groups : null,
    revision,
    disabled,
    credentials: credentials.map(({ credentialId }) => credentialId).toSorted(),
  };
}

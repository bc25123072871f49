import {
  type AppCredential,
  type AppList,
  type AppRegistration,
  type AppRegistrationChange,
  type CreatedAppRegistration,
  type CreatedCredential,
  type CustomerId,
  fieldProblem,
  type NewAppRegistration,
  type NewCredential,
  operations,
  parseCustomerId,
  permissions,
  ProblemError,
} from '@seatledger/contract';
import {
  type AddedCredential,
  type App,
  type AppChange,
  type AppRequest,
  certificateFacts,
  type Credential,
  type CredentialRequest,
  type Grantable,
  type IdentityReads,
  type RegisteredApp,
  type Use,
} from '../../identity/index.ts';
import type { FastifyRequest } from 'fastify';
import { unrestrictedCallerOf } from '../customerOf.ts';
import { instantToWire } from '../instants.ts';
import { expectedVersionOf, type Order } from '../order.ts';
import type { Route } from '../route.ts';
import { sendCreated, sendVersion } from '../versions.ts';

/** Apps are administered by those who see all customers: else a restricted one could make itself an unrestricted one. */
export function apps(reads: IdentityReads, order: Order): readonly Route[] {
  return [
    {
      operation: operations.listApps,
      async answer(request): Promise<AppList> {
        const { partnerId } = unrestrictedCallerOf(request);
        return { data: (await reads.appsOf(partnerId)).map(appToWire) };
      },
    },
    {
      operation: operations.createApp,
      async answer(request, reply) {
        const input = appFromWire(request.body as NewAppRegistration, grantableOf(request));
        const registered = registeredToWire(await order(request, 'app.register', input));
        void reply.header('cache-control', 'no-store');
        return sendCreated(reply, `/api/v1/apps/${registered.clientId}`, registered);
      },
    },
    {
      operation: operations.getApp,
      async answer(request, reply) {
        const { partnerId } = unrestrictedCallerOf(request);
        const app = await reads.app(partnerId, pathOf(request).clientId.toLowerCase());
        if (app === undefined) throw new ProblemError('app_not_found');
        return sendVersion(reply, appToWire(app));
      },
    },
    {
      operation: operations.changeApp,
      async answer(request, reply) {
        const change = changeFromWire(request.body as AppRegistrationChange);
        const { clientId } = pathOf(request);
        const grantable = grantableOf(request);
        const expected = expectedVersionOf(request);
        const app = await order(request, 'app.change', { ...change, clientId, expected, grantable });
        return sendVersion(reply, appToWire(app));
      },
    },
    {
      operation: operations.deleteApp,
      async answer(request, reply) {
        unrestrictedCallerOf(request);
        const { clientId } = pathOf(request);
        await order(request, 'app.delete', { clientId });
        return reply.code(204).send();
      },
    },
    {
      operation: operations.addCredential,
      async answer(request, reply) {
        const { clientId } = pathOf(request);
        const credential = credentialFromWire(request.body as NewCredential);
        const grantable = grantableOf(request);
        const added = await order(request, 'credential.add', { clientId, credential, grantable });
        return reply.code(201).header('cache-control', 'no-store').send(addedToWire(added));
      },
    },
    {
      operation: operations.removeCredential,
      async answer(request, reply) {
        unrestrictedCallerOf(request);
        await order(request, 'credential.remove', pathOf(request));
        return reply.code(204).send();
      },
    },
  ];
}

function pathOf({ params }: FastifyRequest): { clientId: string; credentialId: string } {
  return params as { clientId: string; credentialId: string };
}

/** What the app that asks may give: what its token carries and its registration holds. */
function grantableOf(request: FastifyRequest): Grantable {
  const administrator = unrestrictedCallerOf(request);
  return permissions.filter((permission) => administrator.may(permission));
}

/** Throws `body_invalid` for a customer id outside its grammar, and for a scope of two kinds. */
export function appFromWire(
  {
    name,
    permissions: asked,
    customers,
    groups,
    revision,
    secretYears,
    certificates = [],
  }: NewAppRegistration,
  grantable: Grantable,
): AppRequest {
  return {
    name,
    permissions: asked,
    scope: scopeFromWire({ customers, groups }) ?? 'all',
    revision,
    secretYears: secretYears ?? (certificates.length === 0 ? 1 : null),
    certificates,
    grantable,
  };
}

/** What is given of an app. Throws as `appFromWire` does. */
export function changeFromWire({
  customers,
  groups,
  ...facts
}: AppRegistrationChange): Omit<AppChange, 'clientId' | 'expected' | 'grantable'> {
  const scope = scopeFromWire({ customers, groups });
  return scope === undefined ? facts : { ...facts, scope };
}

export function credentialFromWire({
  secretYears,
  certificate,
}: NewCredential): CredentialRequest['credential'] {
  if (certificate !== undefined) return { certificate };
  return { secretYears: secretYears ?? 1 };
}

function scopeFromWire({
  customers,
  groups,
}: {
  customers: NewAppRegistration['customers'];
  groups: NewAppRegistration['groups'];
}): App['scope'] | undefined {
  if (customers !== undefined && groups !== undefined)
    throw new ProblemError('body_invalid', { errors: [fieldProblem('groups', 'scope_ambiguous')] });
  if (groups !== undefined) return { groups };
  if (customers === undefined || customers === 'all') return customers;
  return { customers: customers.map(customerFromWire) };
}

function customerFromWire(text: string): CustomerId {
  const customerId = parseCustomerId(text);
  if (customerId !== undefined) return customerId;
  throw new ProblemError('body_invalid', { errors: [fieldProblem('customers', 'customer_id_invalid')] });
}

export function appToWire(app: App): AppRegistration {
  const { clientId, name, permissions: held, scope, revision, disabled, credentials } = app;
  return {
    clientId,
    name,
    permissions: [...held],
    customers: scope === 'all' ? 'all' : 'customers' in scope ? [...scope.customers] : null,
    groups: scope !== 'all' && 'groups' in scope ? [...scope.groups] : null,
    revision,
    disabled,
    createdAt: instantToWire(app.createdAt),
    ...useToWire(lastOf(credentials)),
    changedSequence: app.changedSequence,
    credentials: credentials.map(credentialToWire),
  };
}

function lastOf(credentials: readonly Credential[]): Use | null {
  return credentials.reduce<Use | null>(
    (last, { lastUse }) => (lastUse !== null && (last === null || lastUse.at > last.at) ? lastUse : last),
    null,
  );
}

function useToWire(use: Use | null): { lastUsedAt: string | null; lastUsedFrom: string | null } {
  return { lastUsedAt: use && instantToWire(use.at), lastUsedFrom: use && use.from };
}

function credentialToWire(credential: Credential): AppCredential {
  const times = {
    createdAt: instantToWire(credential.createdAt),
    expiresAt: instantToWire(credential.expiresAt),
    ...useToWire(credential.lastUse),
  };
  const id = credential.credentialId;
  if (credential.kind === 'secret') return { id, kind: 'secret', lastFour: credential.lastFour, ...times };
  const { thumbprint, thumbprintSha256, subject, startsAt } = certificateFacts(credential);
  return {
    id,
    kind: 'certificate',
    thumbprint: thumbprint.toUpperCase(),
    thumbprintSha256: thumbprintSha256.toUpperCase(),
    subject,
    startsAt: instantToWire(startsAt),
    ...times,
  };
}

export function registeredToWire({ app, clientSecret }: RegisteredApp): CreatedAppRegistration {
  return { ...appToWire(app), clientSecret };
}

export function addedToWire({ credential, clientSecret }: AddedCredential): CreatedCredential {
  return { credential: credentialToWire(credential), clientSecret };
}

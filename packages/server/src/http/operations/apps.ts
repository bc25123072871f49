import {
  type AppList,
  type AppRegistration,
  type CreatedAppRegistration,
  type CustomerId,
  fieldProblem,
  type NewAppRegistration,
  operations,
  parseCustomerId,
  permissions,
  ProblemError,
} from '@seatledger/contract';
import type { FastifyRequest } from 'fastify';
import type { App, AppRequest, Caller, IdentityReads, RegisteredApp } from '../../identity/index.ts';
import { callerOf } from '../guard.ts';
import { instantToWire } from '../instants.ts';
import type { Route } from '../route.ts';

export interface AppChanges {
  register(by: { partnerId: number; actor: string }, request: AppRequest): Promise<RegisteredApp>;
  delete(by: { partnerId: number; actor: string }, clientId: string): Promise<null>;
}

export function apps(reads: IdentityReads, changes: AppChanges): readonly Route[] {
  return [
    {
      operation: operations.listApps,
      async answer(request): Promise<AppList> {
        const { partnerId } = administratorOf(request);
        return { data: (await reads.appsOf(partnerId)).map(appToWire) };
      },
    },
    {
      operation: operations.createApp,
      async answer(request, reply) {
        const administrator = administratorOf(request);
        const registered = await changes.register(
          authorOf(administrator),
          appFromWire(
            request.body as NewAppRegistration,
            permissions.filter((permission) => administrator.may(permission)),
          ),
        );
        return reply.code(201).header('cache-control', 'no-store').send(registeredToWire(registered));
      },
    },
    {
      operation: operations.deleteApp,
      async answer(request, reply) {
        const administrator = administratorOf(request);
        await changes.delete(authorOf(administrator), (request.params as { clientId: string }).clientId);
        return reply.code(204).send();
      },
    },
  ];
}

/** Apps are administered by those who see all customers: else a restricted one could make itself an unrestricted one. */
function administratorOf(request: FastifyRequest): Caller {
  const caller = callerOf(request);
  if (caller.customers !== 'all') throw new ProblemError('customer_scope_insufficient');
  return caller;
}

function authorOf({ partnerId, clientId }: Caller): { partnerId: number; actor: string } {
  return { partnerId, actor: `app:${clientId}` };
}

/** Throws `body_invalid` for a customer id outside its grammar. */
export function appFromWire(
  { name, permissions: asked, customers = 'all', revision, secretYears }: NewAppRegistration,
  grantable: AppRequest['grantable'],
): AppRequest {
  return {
    name,
    permissions: asked,
    customers: customers === 'all' ? 'all' : customers.map(customerFromWire),
    revision,
    secretYears,
    grantable,
  };
}

function customerFromWire(text: string): CustomerId {
  const customerId = parseCustomerId(text);
  if (customerId !== undefined) return customerId;
  throw new ProblemError('body_invalid', { errors: [fieldProblem('customers', 'customer_id_invalid')] });
}

export function appToWire({
  clientId,
  name,
  permissions: held,
  customers,
  revision,
  createdAt,
  secrets,
}: App): AppRegistration {
  return {
    clientId,
    name,
    permissions: [...held],
    customers: customers === 'all' ? 'all' : [...customers],
    revision,
    createdAt: instantToWire(createdAt),
    secrets: secrets.map((secret) => ({
      id: secret.secretId,
      lastFour: secret.lastFour,
      createdAt: instantToWire(secret.createdAt),
      expiresAt: instantToWire(secret.expiresAt),
    })),
  };
}

export function registeredToWire({ app, clientSecret }: RegisteredApp): CreatedAppRegistration {
  return { ...appToWire(app), clientSecret };
}

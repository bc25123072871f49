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
import type { App, AppRequest, IdentityReads, RegisteredApp } from '../../identity/index.ts';
import { unrestrictedCallerOf } from '../customerOf.ts';
import { instantToWire } from '../instants.ts';
import type { Order } from '../order.ts';
import type { Route } from '../route.ts';

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
        const administrator = unrestrictedCallerOf(request);
        const grantable = permissions.filter((permission) => administrator.may(permission));
        const registered = await order(
          request,
          'app.register',
          appFromWire(request.body as NewAppRegistration, grantable),
        );
        return reply.code(201).header('cache-control', 'no-store').send(registeredToWire(registered));
      },
    },
    {
      operation: operations.deleteApp,
      async answer(request, reply) {
        unrestrictedCallerOf(request);
        const { clientId } = request.params as { clientId: string };
        await order(request, 'app.delete', { clientId });
        return reply.code(204).send();
      },
    },
  ];
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

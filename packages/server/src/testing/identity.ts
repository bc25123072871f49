/** Signing keys and tokens without a server, on a clock that the test moves. */

import { randomUUID } from 'node:crypto';
import {
  type CustomerId,
  parseCustomerId,
  productByType,
  products,
  type ProductType,
} from '@seatledger/contract';
import { type AppRequest, createTokens, type KeyRing, openKeyRing, type Tokens } from '../identity/index.ts';
import type { ImportRow } from '../ledger/index.ts';
import type { KeyStore, StoredKey } from '../identity/ports.ts';
import { someDay, type TestStore } from './store.ts';

export const issuer = 'https://seats.example.com';

export interface TestTokens extends Tokens {
  readonly keys: KeyRing;
  /** Epoch milliseconds. */
  now: number;
}

/** Tokens signed with a key of their own. Only the newest `rememberedMax` are remembered. */
export async function makeTestTokens({
  rememberedMax,
}: {
  rememberedMax?: number;
} = {}): Promise<TestTokens> {
  const clock = { now: () => test.now };
  const opening = { clock: { now: () => someDay }, monotonicMs: () => 0, onRemoval: () => undefined };
  const keys = await openKeyRing(keysInMemory(), opening);
  const bound = rememberedMax === undefined ? {} : { rememberedMax };
  const tokens = createTokens({ keys, clock, issuer: () => issuer, newId: randomUUID, ...bound });
  const test: TestTokens = { ...tokens, keys, now: someDay };
  return test;
}

/** Signing keys that are gone with the test. */
export function keysInMemory(): KeyStore & { readonly kept: StoredKey[] } {
  const kept: StoredKey[] = [];
  return {
    kept,
    load: async () => kept.toSorted((one, other) => one.createdAt - other.createdAt),
    async saveFirst(key) {
      if (kept.length === 0) kept.push(key);
    },
    async add(key) {
      kept.push(key);
    },
    async remove(kid) {
      const index = kept.findIndex((key) => key.kid === kid);
      if (index >= 0) kept.splice(index, 1);
    },
  };
}

/** An app as an operator asks for it: of every customer, with the permission of the contract. */
export function appRequest(request: Partial<AppRequest> = {}): AppRequest {
  return {
    name: 'app',
    permissions: ['elements.license.read.all'],
    scope: 'all',
    revision: undefined,
    secretYears: 1,
    certificates: [],
    grantable: null,
    ...request,
  };
}

export function customer(text: string): CustomerId {
  const customerId = parseCustomerId(text);
  if (customerId === undefined) throw new Error(`${text} is no customer id`);
  return customerId;
}

export function productType(type: number): ProductType {
  const product = productByType(type);
  if (product === undefined) throw new Error(`${type} is no product type`);
  return product.type;
}

/** Brings customers into the store, as lines that name them do. */
export async function addCustomers(store: TestStore, customers: readonly CustomerId[]): Promise<void> {
  const [product] = products;
  if (product === undefined) throw new Error('there are products');
  const rows = customers.map((customerId, index): ImportRow => {
    const line = { line: index + 1, source: 'test', externalId: null, licenceType: 'enterprise' } as const;
    const what = {
      productType: product.type,
      resource: 'default',
      seats: 1,
      startsAt: null,
      expiresAt: null,
    };
    return { customerId, organization: null, ...line, ...what };
  });
  const input = { rowsPath: '', dryRun: false, replace: false, customers: 'all' } as const;
  await store.make('lines.import', input, { rows });
}

export interface TestClient {
  readonly clientId: string;
  /** Empty where it has no secret. */
  readonly clientSecret: string;
  readonly secretId: string;
  readonly certificateIds: readonly string[];
}

/** Registers an app, of which the test knows the credentials. */
export async function registerClient(
  store: TestStore,
  request: Partial<AppRequest> = {},
  options: { partnerId?: number; now?: number } = {},
): Promise<TestClient> {
  const { app, clientSecret } = await store.make('app.register', appRequest(request), options);
  const idsOf = (kind: 'certificate' | 'secret') =>
    app.credentials.filter((one) => one.kind === kind).map(({ credentialId }) => credentialId);
  const [secretId = ''] = idsOf('secret');
  const certificateIds = idsOf('certificate');
  return { clientId: app.clientId, clientSecret: clientSecret ?? '', secretId, certificateIds };
}

/** Signing keys and tokens without a server, on a clock that the test moves. */

import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CustomerId,
  parseCustomerId,
  productByType,
  products,
  type ProductType,
} from '@seatledger/contract';
import {
  type AppRequest,
  createTokens,
  loadSigningKeys,
  type SigningKeys,
  type Tokens,
} from '../identity/index.ts';
import type { ImportRow } from '../ledger/index.ts';
import { keyFolder } from '../store/sqlite/keyFolder.ts';
import { someDay, type TestStore } from './store.ts';

export const issuer = 'https://seats.example.com';

export interface TestTokens extends Tokens {
  readonly keys: SigningKeys;
  /** Epoch milliseconds. */
  now: number;
}

/** Tokens signed with a key of their own. Only the newest `rememberedMax` are remembered. */
export async function makeTestTokens({
  rememberedMax,
}: {
  rememberedMax?: number;
} = {}): Promise<TestTokens> {
  const folder = mkdtempSync(join(tmpdir(), 'seatledger-keys-'));
  const clock = { now: () => test.now };
  const keys = await loadSigningKeys(keyFolder(folder), { now: () => someDay });
  rmSync(folder, { recursive: true });
  const bound = rememberedMax === undefined ? {} : { rememberedMax };
  const tokens = createTokens({ keys, clock, issuer: () => issuer, newId: randomUUID, ...bound });
  const test: TestTokens = { ...tokens, keys, now: someDay };
  return test;
}

/** An app as an operator asks for it: of every customer, with the permission of the contract. */
export function appRequest(request: Partial<AppRequest> = {}): AppRequest {
  return {
    name: 'app',
    permissions: ['elements.license.read.all'],
    customers: 'all',
    revision: undefined,
    secretYears: undefined,
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

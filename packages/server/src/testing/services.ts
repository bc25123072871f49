/** Requests for services as the partner contract takes them. */

import assert from 'node:assert/strict';
import type { AddedService, LicenseItem } from '@seatledger/contract';
import { partnerCustomers } from './partnerContract.ts';
import type { Send } from './send.ts';

/** An item of a service that has no packages. */
export function item(other: Partial<LicenseItem> = {}): LicenseItem {
  return {
    resource: 'PartnerUserManagement',
    subscriptionSourceType: 1,
    isSameAsPool: true,
    userSeat: 20,
    paymentType: 0,
    ...other,
  };
}

/** An item of Cloud Backup for Microsoft 365. */
export function backupItem(other: Partial<LicenseItem> = {}): LicenseItem {
  return item({ resource: 'Office365Backup', saleType: 2, packageType: 0, customerSize: 5, ...other });
}

export function pooled(items: readonly unknown[] = [item()], other: object = {}) {
  return { product: 49, licenseType: 1, licenseItems: items, ...other };
}

export const azure = { avepointStorageType: 0, retentionYear: 1 };

export function pooledBackup(items: readonly unknown[] = [backupItem()], other: object = azure) {
  return pooled(items, { product: 2048, ...other });
}

/** What came of a request. Fails unless it is answered. */
export async function added(send: Send, customerId: string, body: unknown): Promise<AddedService['status']> {
  const answer = await send('POST', `${partnerCustomers}/${customerId}/services`, { body });
  const text = await answer.text();
  assert.equal(answer.status, 200, text);
  const { product } = body as { product: number };
  const { status } = JSON.parse(text) as AddedService;
  assert.equal(text, JSON.stringify({ customerId, product, status }));
  return status;
}

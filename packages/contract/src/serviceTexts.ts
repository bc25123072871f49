/**
 * What the numbers of "Add a service" are called where services are listed.
 *
 * Source: the texts that production was seen to answer on 2025-12-12 ("Unlimited organizations", "Standard", "Prepaid",
 * "AvePoint storage (Microsoft Azure Blob)" and the two sources), and for the other numbers the names of the page (AvePoint Graph API,
 * state of 2026-07-01) in the same form.
 */

/** By `saleType`. */
export const saleTypeTexts = ['Capacity tier', 'Unlimited users', 'Unlimited organizations'] as const;
/** By `packageType`. */
export const packageTypeTexts = ['Standard', 'Core', 'Flex'] as const;
/** By `paymentType`. */
export const paymentTypeTexts = ['Prepaid', 'Pay as you go'] as const;
/** By `avepointStorageType`. */
export const storageTypeTexts = [
  'AvePoint storage (Microsoft Azure Blob)',
  'AvePoint storage (Amazon S3)',
] as const;
export const ownStorageText = 'Bring your own storage';

/** By `subscriptionSourceType`. */
export const pooledSourceTexts = {
  1: 'AvePoint pooled subscription',
  2: 'Marketplace pooled subscription',
  6: 'LARS AvePoint pooled subscription',
} as const;
/** Of a subscription that is from no pool. */
export const ownSourceText = 'AvePoint subscription';

/** What a member says that does not apply. */
export const notApplicable = 'N/A';

export function retentionText(years: number): string {
  return years === 1 ? '1 year' : `${years} years`;
}

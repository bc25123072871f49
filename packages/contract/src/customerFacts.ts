/** What the partner contract says of a customer and of its tenants beside their names. Source: the pages of 2026-07-01. */

/** By number: 0 N/A, 1 working, 2 failed, 3 waiting for configuration, 4 multiple issues found, 5 finished with exception, 6 no backup updates. */
export const jobStatuses = [0, 1, 2, 3, 4, 5, 6] as const;
export type JobStatus = (typeof jobStatuses)[number];

/** By number: 0 the customer manages, 1 the partner manages, 2 to be configured. */
export const managementModes = [0, 1, 2] as const;
export type ManagementMode = (typeof managementModes)[number];

/** By number: 0 Microsoft 365, 1 Salesforce, 2 Google, 3 Dynamics 365. */
export const tenantTypes = [0, 1, 2, 3] as const;
export type TenantType = (typeof tenantTypes)[number];

/**
 * What the contract's service lists show of a subscription line beside its seats and its term. Each is a text of at most 200 characters.
 *
 * Source: "services/batch" as production answered it on 2025-12-12, where every member is a text.
 */
export const lineDetailNames = [
  'subscriptionModel',
  'subscriptionName',
  'purchasedCapacity',
  'protectedCapacity',
  'consumedStorage',
  'storage',
  'retention',
  'package',
  'paymentType',
  'contractEndDate',
  'change',
  'microsoftLicenseAssigned',
  'microsoftLicenseAvailable',
] as const;
export type LineDetailName = (typeof lineDetailNames)[number];

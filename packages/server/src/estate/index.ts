export { choosePartner } from './choosePartner.ts';
export { createMissingCustomers, organizationLengthMax } from './createCustomers.ts';
export { createPartner, defaultPartnerName } from './createPartner.ts';
export type { EstateReads, EstateStore, Partner } from './ports.ts';

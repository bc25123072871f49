export { choosePartner } from './choosePartner.ts';
export { createPartner, defaultPartnerName } from './createPartner.ts';
export {
  changeCustomer,
  createCustomer,
  createMissingCustomers,
  customerAtWork,
  type CustomerWithTenants,
  organizationLengthMax,
  ownerEmailLengthMax,
} from './customers.ts';
export {
  changeGroup,
  createGroup,
  deleteGroup,
  joinGroup,
  leaveGroup,
} from './groups.ts';
export { onboardCustomer } from './onboardCustomer.ts';
export type {
  Customer,
  CustomerGroup,
  EstateReads,
  EstateStore,
  Partner,
} from './ports.ts';
export { replayEstate } from './replay.ts';
export { refuseBody } from './refuseBody.ts';
export { removeTenant, setTenant } from './tenants.ts';

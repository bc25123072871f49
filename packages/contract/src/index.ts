export * from './appRegistrations.ts';
export * from './backups.ts';
export * from './customerFacts.ts';
export * from './customers.ts';
export { defused } from './defused.ts';
export { dataCenterById } from './dataCenters.ts';
export { openApiDocument } from './openapi.ts';
export { type Operation, problemsOf } from './operation.ts';
export {
  addableProductTypes,
  type AddedService,
  type LicenseItem,
  type ServiceOutcome,
  serviceStatuses,
  type ServiceToAdd,
} from './operations/addService.ts';
export type { AppList } from './operations/apps.ts';
export type {
  Assignment,
  AssignmentPage,
  AssignmentReport,
  ErasedUser,
  SeatsToAssign,
  SeatsToRelease,
  UserToErase,
} from './operations/assignments.ts';
export type { CustomerFilter, PartnerCustomer, PartnerCustomerPage } from './operations/batchCustomers.ts';
export type { CustomerServices, CustomerServicesPage, ListedService } from './operations/batchServices.ts';
export type { TenantFilter, TenantSeatsPage } from './operations/batchTenants.ts';
export type { Customer, CustomerChange, CustomerPage, NewCustomer } from './operations/customers.ts';
export type { EventsPage, ListEventsQuery, RecordedEvent, RecordHead } from './operations/events.ts';
export {
  availableUserSeats,
  purchasedUserSeats,
} from './operations/getCustomerUserSeats.ts';
export type { CustomerSeats, GetSeatsQuery } from './operations/getSeats.ts';
export type {
  CustomerGroup,
  CustomerGroupFacts,
  CustomerGroupPage,
  CustomerIdPage,
  Members,
  MembershipChange,
} from './operations/groups.ts';
export * from './operations/importLines.ts';
export { operations } from './operations/index.ts';
export type {
  NewSubscriptionLine,
  SubscriptionLine,
  SubscriptionLineChange,
  SubscriptionLinePage,
} from './operations/lines.ts';
export {
  type ListSeatsQuery,
  type ProductSeats,
  seatsColumns,
  type SeatsLine,
  type SeatSort,
  seatSorts,
  type SeatsPage,
  sourcesToldMax,
} from './operations/listSeats.ts';
export {
  type CustomerToOnboard,
  type OnboardedCustomer,
  onboardStatuses,
} from './operations/onboardCustomer.ts';
export type { NewPool, Pool, PoolChange, PoolPage } from './operations/pools.ts';
export {
  causesListedMax,
  type SeatDifference,
  type SeatDifferencesQuery,
  type SeatHistoryQuery,
  type SeatPoint,
} from './operations/seatHistory.ts';
export { lastEventIdHeader, type StreamEventsQuery } from './operations/streamEvents.ts';
export type { TenantFacts } from './operations/tenants.ts';
export {
  assertionLengthMax,
  assertionType,
  type Introspection,
  scopeLengthMax,
  type TokenError,
  tokenLifetimeSeconds,
} from './operations/tokens.ts';
export { pageIndexMax, pageSizeDefault, pageSizeMax } from './partnerContract.ts';
export * from './permissions.ts';
export { ProblemError } from './problemError.ts';
export * from './problems.ts';
export * from './products.ts';
export * from './resources.ts';
export * from './revisions.ts';
export { seatsMax } from './seats.ts';
export * from './serviceTexts.ts';
export { isName, isPlainText, nameLengthMax } from './texts.ts';

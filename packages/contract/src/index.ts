export * from './appRegistrations.ts';
export * from './customers.ts';
export { openApiDocument } from './openapi.ts';
export { type Operation, problemsOf } from './operation.ts';
export {
  availableUserSeats,
  purchasedUserSeats,
} from './operations/getCustomerUserSeats.ts';
export * from './operations/importLines.ts';
export { operations } from './operations/index.ts';
export { scopeLengthMax, type TokenError, tokenLifetimeSeconds } from './operations/issueToken.ts';
export type { AppList } from './operations/listApps.ts';
export type { ListSeatsQuery, ProductSeats, SeatsPage } from './operations/listSeats.ts';
export * from './permissions.ts';
export { ProblemError } from './problemError.ts';
export * from './problems.ts';
export * from './products.ts';
export * from './resources.ts';
export * from './revisions.ts';
export { isName, isPlainText, nameLengthMax } from './texts.ts';

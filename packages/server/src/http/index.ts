export { type ImportFormat } from './import/checkImport.ts';
export { apps } from './operations/apps.ts';
export { discovery } from './operations/discovery.ts';
export { getCustomerUserSeats } from './operations/getCustomerUserSeats.ts';
export { type Import, importLines } from './operations/importLines.ts';
export { issueToken } from './operations/issueToken.ts';
export { listSeats } from './operations/listSeats.ts';
export { reference } from './operations/reference.ts';
export { createHttpServer } from './server.ts';

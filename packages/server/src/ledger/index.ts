export {
  type AssignmentReport,
  assignSeats,
  eraseUser,
  releaseSeats,
} from './assignments.ts';
export {
  type History,
  type Period,
  readHistory,
  type SeatDifference,
  type SeatPoint,
} from './history.ts';
export { importLines } from './importLines.ts';
export * from './importRow.ts';
export { addLine, changeLine, type DetailsChange, endLine } from './lines.ts';
export { addPool, changePool, endPool } from './pools.ts';
export type {
  Assignment,
  Holding,
  LedgerReads,
  Pool,
  SubscriptionLine,
} from './ports.ts';
export { type PoolCount, type PoolReader, readPools } from './readPools.ts';
export { readSeats, type Seats } from './readSeats.ts';
export { LedgerReplay } from './replay.ts';
export type { RankedPosition, SeatFilter, SeatOrder, SeatsOfHolding } from './seatLists.ts';
export { addServices, addTrial } from './services.ts';
export { assignable, isActive, type SeatCount } from './seats.ts';

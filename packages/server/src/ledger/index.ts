export { importLines } from './importLines.ts';
export * from './importRow.ts';
export type { Holding } from './ports.ts';
export { readSeats, type Seats, type SeatsOfHolding } from './readSeats.ts';
export { assignable, type SeatCount } from './seats.ts';

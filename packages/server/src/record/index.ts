export { emptyHead } from './chain.ts';
export type { ChangeContext, Outcome } from './context.ts';
export type { EventState, Head } from './event.ts';
export { type AsOf, findMoment, type Moment } from './moment.ts';
export type { RecordReads } from './ports.ts';
export { openRecorder, type Recorder } from './recorder.ts';
export { verifyChain } from './verify.ts';

export { emptyHead } from './chain.ts';
export type { ChangeContext, Outcome } from './context.ts';
export type { EventState, Head } from './event.ts';
export { openRecorder, type Recorder } from './recorder.ts';
export { verifyChain } from './verify.ts';

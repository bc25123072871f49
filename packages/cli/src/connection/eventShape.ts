import type { RecordedEvent } from '@seatledger/contract';
import { hasMembers } from './answerShape.ts';

export function isRecordedEvent(value: unknown): value is RecordedEvent {
  return hasMembers(value, {
    sequence: 'number',
    recordedAt: 'string',
    actor: 'string',
    kind: 'string',
    subject: 'string',
  });
}

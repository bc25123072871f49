import { operations } from '@seatledger/contract';
import type { Route } from '../route.ts';

/** `requireReady` throws the problem where the server cannot answer. */
export function probes(requireReady: () => Promise<void>): readonly Route[] {
  return [
    { operation: operations.getLiveness, isProbe: true, answer: async () => ({ status: 'live' }) },
    {
      operation: operations.getReadiness,
      isProbe: true,
      async answer() {
        await requireReady();
        return { status: 'ready' };
      },
    },
  ];
}

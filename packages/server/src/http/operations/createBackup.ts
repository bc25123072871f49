import { backupMediaType, operations } from '@seatledger/contract';
import { callerOf } from '../guard.ts';
import type { Route } from '../route.ts';
import { goneOf, sendTexts } from '../sendStream.ts';

/**
 * Makes a backup of what is of the partner, which is written on the server's side while its bytes are read. `gone` is told when nobody
 * wants them any more, also once they are all read. Rejects with `backups_busy` and `storage_full` before there is a first byte.
 */
export type BackUp = (partnerId: number, gone: AbortSignal) => Promise<AsyncIterable<Uint8Array>>;

/** How long a peer may take nothing, in milliseconds: what it does not take is kept on the disk, and nobody else of the partner is served. */
const stalledMs = 60_000;
/** What a peer has to take on average beyond that, in bytes a millisecond: there are few places, and others wait for them. */
const leastBytesPerMs = 16;

export function createBackup(backUp: BackUp, stalledAfterMs = stalledMs): Route {
  return {
    operation: operations.createBackup,
    needsAllCustomers: true,
    async answer(request, reply) {
      const bytes = await backUp(callerOf(request).partnerId, goneOf(reply));
      void reply
        .type(backupMediaType)
        .header('content-disposition', 'attachment; filename="seatledger.backup"');
      return sendTexts(request, reply, () =>
        whileTaken(bytes, stalledAfterMs, () => request.raw.socket.destroy()),
      );
    },
  };
}

/** The pieces, as long as each is taken in time, and all of them together. */
export async function* whileTaken(
  pieces: AsyncIterable<Uint8Array>,
  stalledAfterMs: number,
  cut: () => void,
  monotonicMs = () => performance.now(),
): AsyncGenerator<Uint8Array, undefined> {
  let leftMs = stalledAfterMs;
  for await (const piece of pieces) {
    // Who was quick is not slow for hours after that.
    leftMs = Math.min(stalledAfterMs, leftMs) + piece.length / leastBytesPerMs;
    const givenAt = monotonicMs();
    const late = setTimeout(cut, Math.min(stalledAfterMs, leftMs));
    try {
      yield piece;
    } finally {
      clearTimeout(late);
      leftMs -= monotonicMs() - givenAt;
    }
  }
  return undefined;
}

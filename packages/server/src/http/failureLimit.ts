/** How often credentials may be wrong before no more of them are looked at for a while. */

import { networkOf } from './networkOf.ts';
import { type Allowance, createTokenBuckets } from './tokenBuckets.ts';

/** Many clients may share an address, so it gets more than one client there. */
const perAddressDefault: Allowance = { tokens: 100, periodMs: 60_000, burst: 100 };
const perClientDefault: Allowance = { tokens: 20, periodMs: 60_000, burst: 20 };

/** More than fail within the time after which a failure is forgotten, as fast as one process can look at credentials. */
const countedMax = 100_000;
/** The longest client id that is told apart, in characters. */
const clientIdLengthMax = 100;

export interface FailureLimit {
  /**
   * Whole seconds until a credential of the client from this address is looked at again; undefined where it is now. To be asked before
   * anything about the credential is known.
   */
  refusedFor(address: string, clientId: string): number | undefined;
  /** Counts a credential that was wrong. One that was right is not counted. */
  failed(address: string, clientId: string): void;
}

/**
 * Counts by address, and by client and address: never by client alone, so that nobody can lock a client out from elsewhere.
 *
 * `monotonicMs` never goes back. An address of IPv6 counts with its network; a client id is any text, and its case is ignored.
 */
export function createFailureLimit({
  monotonicMs,
  perAddress = perAddressDefault,
  perClient = perClientDefault,
}: {
  monotonicMs: () => number;
  perAddress?: Allowance;
  perClient?: Allowance;
}): FailureLimit {
  const ofAddresses = createTokenBuckets(perAddress, { monotonicMs, bucketsMax: countedMax });
  const ofClients = createTokenBuckets(perClient, { monotonicMs, bucketsMax: countedMax });

  return {
    refusedFor(address, clientId) {
      const network = networkOf(address);
      const seconds = Math.max(
        ofAddresses.waitSeconds(network),
        ofClients.waitSeconds(keyOf(network, clientId)),
      );
      return seconds === 0 ? undefined : seconds;
    },
    failed(address, clientId) {
      const network = networkOf(address);
      // On credit, for those that came at the same moment were all looked at.
      ofAddresses.charge(network);
      ofClients.charge(keyOf(network, clientId));
    },
  };
}

/** A line feed is in no address, so two pairs never have one key. */
function keyOf(network: string, clientId: string): string {
  return `${network}\n${clientId.slice(0, clientIdLengthMax).toLowerCase()}`;
}

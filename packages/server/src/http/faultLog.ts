/** Faults of what the server stands on, such as a database that is away: told when they begin and when they are over, however many requests meet them. */

/** How long a fault has not been met when it is over, in milliseconds. */
const quietMsDefault = 10_000;

export interface FaultLog {
  /** Notes that the fault was met; `requestId` names whose request met it. */
  note(fault: string, met?: { readonly err?: unknown; readonly requestId?: string }): void;
}

interface Fault {
  readonly beganAt: number;
  lastAt: number;
  count: number;
}

interface Log {
  error(facts: object, message: string): void;
  warn(facts: object, message: string): void;
}

/** `monotonicMs` never goes back. `fault` is one of few names. */
export function createFaultLog(
  log: Log,
  { monotonicMs, quietMs = quietMsDefault }: { monotonicMs: () => number; quietMs?: number },
): FaultLog {
  const faults = new Map<string, Fault>();

  function lookAgain(name: string, fault: Fault, afterMs: number): void {
    setTimeout(() => {
      const leftMs = fault.lastAt + quietMs - monotonicMs();
      if (leftMs > 0) {
        lookAgain(name, fault, leftMs);
        return;
      }
      faults.delete(name);
      const { count, beganAt, lastAt } = fault;
      log.warn({ fault: name, count, lastedMs: Math.round(lastAt - beganAt) }, 'a fault is over');
    }, Math.ceil(afterMs)).unref();
  }

  return {
    note(name, met = {}) {
      const now = monotonicMs();
      const known = faults.get(name);
      if (known !== undefined) {
        known.lastAt = now;
        known.count++;
        return;
      }
      const fault = { beganAt: now, lastAt: now, count: 1 };
      faults.set(name, fault);
      log.error({ fault: name, ...met }, 'a fault began');
      lookAgain(name, fault, quietMs);
    },
  };
}

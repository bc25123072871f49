/** The requests that were answered, by operation. */

import type { Family } from './exposition.ts';
import { createHistogram, type Histogram } from './histogram.ts';

/** In seconds: a seat read takes less than the first, a large import more than most. */
const durationBounds = [
  0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 120,
];

/** The operation of a request that is for none: an unknown path, a method that a path does not take, and what is no HTTP. */
export const noOperation = 'none';

export interface OperationMetrics {
  /** Counts a request that is over. */
  ended(status: number, durationMs: number): void;
}

export interface RequestMetrics {
  /** To be asked for once, and kept. */
  ofOperation(operationId: string): OperationMetrics;
  began(): void;
  ended(): void;
  readonly families: readonly Family[];
}

interface Series extends OperationMetrics {
  readonly byStatus: Map<number, { count: number }>;
  readonly durations: Histogram;
}

export function countRequests(): RequestMetrics {
  const operations = new Map<string, Series>();
  let underway = 0;

  return {
    ofOperation(operationId) {
      const known = operations.get(operationId);
      if (known !== undefined) return known;
      const series = countOperation();
      operations.set(operationId, series);
      return series;
    },
    began() {
      underway++;
    },
    ended() {
      underway--;
    },
    families: [
      {
        name: 'seatledger_http_requests_total',
        help: 'Requests that were answered; 499 where the caller was gone before its answer began.',
        type: 'counter',
        *samples() {
          for (const [operation, { byStatus }] of operations) {
            for (const [status, { count }] of byStatus)
              yield { labels: { operation, status: String(status) }, value: count };
          }
        },
      },
      {
        name: 'seatledger_http_request_duration_seconds',
        help: 'From the end of the headers of a request to the end of its answer.',
        type: 'histogram',
        *samples() {
          for (const [operation, { byStatus, durations }] of operations)
            if (byStatus.size > 0) yield* durations.samples({ operation });
        },
      },
      {
        name: 'seatledger_http_requests_underway',
        help: 'Requests that are not answered to their end yet.',
        type: 'gauge',
        samples: () => [{ value: underway }],
      },
    ],
  };
}

function countOperation(): Series {
  const byStatus = new Map<number, { count: number }>();
  const durations = createHistogram(durationBounds);
  return {
    byStatus,
    durations,
    ended(status, durationMs) {
      const counted = byStatus.get(status);
      if (counted === undefined) byStatus.set(status, { count: 1 });
      else counted.count++;
      durations.observe(durationMs / 1000);
    },
  };
}

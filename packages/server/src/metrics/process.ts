/** The process itself, under the names that dashboards know. */

import { monitorEventLoopDelay, performance } from 'node:perf_hooks';
import type { Family } from './exposition.ts';

const resolutionMs = 10;

/** Begins to watch the event loop; `stop` ends that. Times are since whoever looked last, as they are told of by others too. */
export function watchProcess(): { readonly families: readonly Family[]; stop(): void } {
  const delay = monitorEventLoopDelay({ resolution: resolutionMs });
  delay.enable();
  return { families: [...usage, ...eventLoop(delay)], stop: () => void delay.disable() };
}

const usage: readonly Family[] = [
  {
    name: 'process_cpu_seconds_total',
    help: 'Time on the processor, of all threads.',
    type: 'counter',
    samples() {
      const { user, system } = process.cpuUsage();
      return [{ value: (user + system) / 1e6 }];
    },
  },
  {
    name: 'process_start_time_seconds',
    help: 'When the process was started, in seconds since 1970.',
    type: 'gauge',
    samples: () => [{ value: performance.timeOrigin / 1000 }],
  },
  {
    name: 'process_resident_memory_bytes',
    help: 'Memory that the process has.',
    type: 'gauge',
    samples: () => [{ value: process.memoryUsage.rss() }],
  },
  {
    name: 'nodejs_heap_size_used_bytes',
    help: 'Of it, what objects of the main thread take.',
    type: 'gauge',
    samples: () => [{ value: process.memoryUsage().heapUsed }],
  },
];

function eventLoop(delay: ReturnType<typeof monitorEventLoopDelay>): readonly Family[] {
  // What is measured is how long after the last look the loop came to look again: as long as it waits there is no delay.
  const seconds = (nanoseconds: number) => Math.max(0, nanoseconds / 1e9 - resolutionMs / 1000);
  return [
    {
      name: 'nodejs_eventloop_lag_p99_seconds',
      help: 'How late the event loop was, but for one time in a hundred, since the last look at this.',
      type: 'gauge',
      samples: () => [{ value: seconds(delay.percentile(99)) }],
    },
    {
      name: 'nodejs_eventloop_lag_max_seconds',
      help: 'How late the event loop was at the most, since the last look at this.',
      type: 'gauge',
      samples() {
        const value = delay.count === 0 ? 0 : seconds(delay.max);
        // The last family that reads it begins it anew.
        delay.reset();
        return [{ value }];
      },
    },
    {
      name: 'nodejs_eventloop_active_seconds_total',
      help: 'Time in which the event loop did something; its rate is the share of the time, 1 at the most.',
      type: 'counter',
      samples: () => [{ value: performance.eventLoopUtilization().active / 1000 }],
    },
  ];
}

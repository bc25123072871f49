/** How many acknowledged changes a commit made durable, counted where commits are made: in the thread that writes, or here. */

import { createSharedHistogram, type Histogram, sharedHistogramBytes } from './metrics/index.ts';

const bounds = [0, 1, 2, 4, 8, 16, 32, 64, 128, 256];

/** To be handed to the thread that writes. */
export function commitSizesMemory(): SharedArrayBuffer {
  return new SharedArrayBuffer(sharedHistogramBytes(bounds));
}

export function commitSizesIn(memory: SharedArrayBuffer): Histogram {
  return createSharedHistogram(bounds, memory);
}

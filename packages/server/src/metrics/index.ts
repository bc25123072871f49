export { exposition, expositionType, type Family, type Sample } from './exposition.ts';
export { createSharedHistogram, type Histogram, sharedHistogramBytes } from './histogram.ts';
export { watchProcess } from './process.ts';
export { countRequests, noOperation, type OperationMetrics, type RequestMetrics } from './requests.ts';

/** How figures are told: the median with the smallest and the largest, and a share of values that is smaller. */

/** Prints one line of the figure. */
export function report(what: string, values: readonly number[], digits = 2): void {
  const [least, median, most] = [shareOf(values, 0), shareOf(values, 0.5), shareOf(values, 1)];
  const spread = `${least.toFixed(digits)} to ${most.toFixed(digits)}, ${values.length} rounds`;
  console.log(`${what}: median ${median.toFixed(digits)} (${spread})`);
}

/** The value that so large a share of the values is not larger than; 0.5 is the median. */
export function shareOf(values: readonly number[], share: number): number {
  const sorted = values.toSorted((one, other) => one - other);
  return sorted[Math.floor(share * (sorted.length - 1))] ?? Number.NaN;
}

export async function lapse(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

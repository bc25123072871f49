/** Tells whoever runs the server when its clock was set back: nothing breaks, and the numbers of terms are then those of the clock. */

/** How much a clock may go back without a word, in milliseconds: what keeps it right moves it a little now and then. */
const toleratedMs = 1000;
/** How often it is looked at, in milliseconds. */
const lookEveryMs = 10_000;

interface ClockWatch {
  readonly clock: { now(): number };
  /** Never goes back. */
  readonly monotonicMs: () => number;
  /** Told once for each time that it went back, by how many milliseconds. */
  readonly onSetBack: (byMs: number) => void;
}

/** Answers a look at the clock, to be taken now and then. */
export function clockLooks({ clock, monotonicMs, onSetBack }: ClockWatch): () => void {
  let offset = clock.now() - monotonicMs();
  return () => {
    const offsetNow = clock.now() - monotonicMs();
    if (offset - offsetNow > toleratedMs) onSetBack(Math.round(offset - offsetNow));
    // A clock that creeps back is seen once it has gone far enough.
    if (offsetNow > offset || offset - offsetNow > toleratedMs) offset = offsetNow;
  };
}

export function watchClock(watch: ClockWatch): { close(): void } {
  const timer = setInterval(clockLooks(watch), lookEveryMs).unref();
  return { close: () => clearInterval(timer) };
}

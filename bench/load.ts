/**
 * The load generator: a process of its own that asks for seats over kept connections, and checks every answer.
 */

import { type HttpAnswer, openConnection } from './connection.ts';
import { customerOf, estateProducts } from './estate.ts';
import { shareOf } from './figures.ts';

/** A server that is asked. */
export interface Target {
  readonly port: number;
  /** Sent as bearer. */
  readonly token: string;
  /** How many customers it has. */
  readonly customers: number;
  /** Whether it looks anything up; else it gives the same answer to every request. */
  readonly looksUp: boolean;
}

export interface Load {
  readonly target: Target;
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second, sent whether or not answers come; as many as are answered where it is not given. */
  readonly perSecond?: number | undefined;
}

export interface LoadFigures {
  readonly answers: number;
  readonly seconds: number;
  /** From the moment at which a request was due, in milliseconds. */
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export type LoadReply = LoadFigures | { readonly error: string };

/** What share of the requests names a customer that is not there. */
const unknownShare = 0.1;

interface Asked {
  readonly type: number;
  readonly isKnown: boolean;
}

interface Line {
  readonly ask: (dueAt: number) => void;
  readonly close: () => void;
}

async function run({ target, connections, seconds, perSecond }: Load): Promise<LoadFigures> {
  const latencies: number[] = [];
  const free: Line[] = [];
  const { promise: failed, reject } = Promise.withResolvers<never>();
  let onFree = (line: Line): void => void free.push(line);
  const lines = await Promise.all(
    Array.from({ length: connections }, () =>
      openLine(target, {
        answered: (line, ms) => {
          latencies.push(ms);
          onFree(line);
        },
        failed: reject,
      }),
    ),
  );
  free.push(...lines);
  const beganAt = performance.now();
  const endsAt = beganAt + seconds * 1000;
  try {
    await Promise.race([
      perSecond === undefined
        ? closedLoop(lines, endsAt, (next) => (onFree = next))
        : openLoop(free, { beganAt, endsAt, perSecond }),
      failed,
    ]);
    const took = (performance.now() - beganAt) / 1000;
    return {
      answers: latencies.length,
      seconds: took,
      p50Ms: shareOf(latencies, 0.5),
      p99Ms: shareOf(latencies, 0.99),
    };
  } finally {
    for (const line of lines) line.close();
  }
}

/** Each connection asks again as soon as it has its answer. */
function closedLoop(
  lines: readonly Line[],
  endsAt: number,
  setNext: (next: (line: Line) => void) => void,
): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  let open = lines.length;
  setNext((line) => {
    const now = performance.now();
    if (now < endsAt) line.ask(now);
    else if (--open === 0) resolve();
  });
  for (const line of lines) line.ask(performance.now());
  return promise;
}

/** Requests are due at a steady rate; one that finds no connection free waits for it, and that is counted. */
async function openLoop(
  free: Line[],
  { beganAt, endsAt, perSecond }: { beganAt: number; endsAt: number; perSecond: number },
): Promise<void> {
  const lines = free.length;
  let due = 0;
  for (;;) {
    const now = performance.now();
    const dueNow = Math.floor(((Math.min(now, endsAt) - beganAt) * perSecond) / 1000);
    for (; due < dueNow && free.length > 0; due++) free.pop()?.ask(beganAt + (due * 1000) / perSecond);
    if (now >= endsAt && due >= dueNow && free.length === lines) return;
    if (now > endsAt + 10_000) throw new Error('the server is seconds behind the rate');
    await new Promise(setImmediate);
  }
}

async function openLine(
  target: Target,
  told: { answered: (line: Line, ms: number) => void; failed: (error: Error) => void },
): Promise<Line> {
  let asked: Asked = { type: 0, isKnown: true };
  let dueAt = 0;
  const { send, close } = await openConnection(target.port, {
    onAnswer(answer) {
      if (isRight(answer, asked, target)) told.answered(line, performance.now() - dueAt);
      else told.failed(new Error(`a wrong answer: ${answer.status} ${answer.body}`));
    },
    onFailure: told.failed,
  });
  const line: Line = {
    ask(at) {
      dueAt = at;
      const type = estateProducts[Math.floor(Math.random() * estateProducts.length)] ?? 0;
      const isKnown = Math.random() >= unknownShare;
      const number = 1 + Math.floor(Math.random() * target.customers) + (isKnown ? 0 : target.customers);
      asked = { type, isKnown };
      send(
        `GET /partner/external/v3/general/customers/${customerOf(number)}/avpt-products/type/${type}/overview HTTP/1.1\r\n` +
          `Host: 127.0.0.1\r\nAuthorization: Bearer ${target.token}\r\n\r\n`,
      );
    },
    close,
  };
  return line;
}

function isRight({ status, body }: HttpAnswer, { type, isKnown }: Asked, { looksUp }: Target): boolean {
  if (looksUp && !isKnown) return status === 404 && body.includes('"customer_not_found"');
  if (status !== 200) return false;
  if (looksUp) return body === `{"productType":${type},"availableUserSeat":25}`;
  // Peers may set out the same members in lines.
  return /^\{\s*"productType": ?\d+,\s*"availableUserSeat": ?\d+\s*\}$/.test(body);
}

process.on('message', (load: Load) => {
  run(load).then(
    (figures) => process.send?.(figures satisfies LoadReply),
    (error: unknown) => process.send?.({ error: String(error) } satisfies LoadReply),
  );
});
process.on('disconnect', () => process.exit());

/** The log of the process: JSON, a line each, and nothing in it that names a person. */

import { type Logger, pino } from 'pino';
import type { ServeConfig } from './config.ts';

/** How many causes of a failure are told. */
const causesMax = 5;

export function openLog({ logLevel }: Pick<ServeConfig, 'logLevel'>): Logger {
  return pino(
    {
      level: logLevel,
      serializers: {
        err: (error: unknown) => failureFacts(error),
        // The framework hands these on where it warns: their URLs and headers name people.
        req: () => undefined,
        res: () => undefined,
      },
    },
    pino.destination({ dest: 2, sync: true }),
  );
}

/**
 * What is told of a failure. Its other members are not: a database tells there whose row it was. Nor is the message of a database where it
 * quotes values: those of class 22 (data exceptions) and 23 (constraints) of SQL.
 */
export function failureFacts(error: unknown, depth = 1): object {
  if (!(error instanceof Error)) return { type: typeof error };
  const code = 'code' in error && typeof error.code === 'string' ? error.code : undefined;
  const isTold = code === undefined || !/^2[23]\w{3}$/.test(code);
  return {
    type: error.name,
    ...(code === undefined ? {} : { code }),
    ...(isTold ? { message: error.message } : {}),
    stack: stackOf(error, isTold),
    ...(error.cause === undefined || depth === causesMax
      ? {}
      : { cause: failureFacts(error.cause, depth + 1) }),
  };
}

/** Its first lines are the message. */
function stackOf({ stack = '' }: Error, withMessage: boolean): string {
  return withMessage ? stack : stack.slice(Math.max(0, stack.search(/^ {4}at /m)));
}

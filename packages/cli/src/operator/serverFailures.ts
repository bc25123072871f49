/** What the server's own modules throw, as failures of the command. */

import { ProblemError, problems } from '@seatledger/contract';
import { ConfigurationError, StoreUnavailableError } from '@seatledger/server';
import { exitCodeOfStatus, exitCodes } from '../exitCode.ts';
import { Failure, localFailure } from '../failure.ts';

export async function failingAsCommand<Result>(work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw commandFailure(error);
  }
}

function commandFailure(error: unknown): unknown {
  if (error instanceof ConfigurationError)
    return localFailure('usage_wrong', error.message, { cause: error });
  if (error instanceof StoreUnavailableError) {
    return new Failure(error.message, { code: error.code, exitCode: exitCodes.failed, cause: error });
  }
  if (error instanceof ProblemError) {
    const { message, code, errors, errorCount, numbers } = error;
    const { status, remedy } = problems[code];
    return new Failure(message, {
      code,
      exitCode: exitCodeOfStatus(status),
      remedy,
      errors,
      errorCount,
      numbers,
      cause: error,
    });
  }
  if (error instanceof Error && isAboutTheAddress(error)) {
    return localFailure('address_unusable', `The server cannot listen: ${error.message}.`, { cause: error });
  }
  return error;
}

/** Somebody else listens there, the machine has no such address, or this user may not listen there. */
function isAboutTheAddress(error: Error): boolean {
  return 'syscall' in error && (error.syscall === 'listen' || error.syscall === 'getaddrinfo');
}

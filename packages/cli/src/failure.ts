/** Why a command did not do what it was asked: what the user reads, and what the process ends with. */

import type { FieldProblem } from '@seatledger/contract';
import { type ExitCode, exitCodes } from './exitCode.ts';

export interface FailureFacts {
  /** Stable, for scripts: a code of the contract, of OAuth, of the server's data folder, or of `localFailures`. */
  readonly code: string;
  readonly exitCode: ExitCode;
  readonly remedy?: string | undefined;
  readonly errors?: readonly FieldProblem[] | undefined;
  /** How many errors there are, where `errors` does not name them all. */
  readonly errorCount?: number | undefined;
  /** The numbers that decided, by their names. */
  readonly numbers?: Readonly<Record<string, number | string>> | undefined;
  readonly requestId?: string | undefined;
  readonly retryAfterSeconds?: number | undefined;
  readonly cause?: unknown;
}

export class Failure extends Error {
  readonly facts: FailureFacts;

  constructor(sentence: string, facts: FailureFacts) {
    super(sentence, { cause: facts.cause });
    this.facts = facts;
  }
}

/** What can fail on this side of the wire. What the server answers is in the contract's registry of problems. */
const localFailures = {
  usage_wrong: {
    exitCode: exitCodes.wrongUsage,
    remedy: 'Run the command with --help to see how it is used.',
  },
  file_unreadable: {
    exitCode: exitCodes.failed,
    remedy: 'Check the path and who may read the file.',
  },
  certificate_unreadable: {
    exitCode: exitCodes.failed,
    remedy: 'Give a file with one X.509 certificate, as PEM or DER, and nothing else.',
  },
  private_key_given: {
    exitCode: exitCodes.failed,
    remedy: 'Give the certificate alone: its private key stays with the client that signs with it.',
  },
  file_unwritable: {
    exitCode: exitCodes.failed,
    remedy: 'Check the path, who may write there and whether the disk is full.',
  },
  backup_damaged: {
    exitCode: exitCodes.failed,
    remedy: 'Make the backup again.',
  },
  file_exists: {
    exitCode: exitCodes.failed,
    remedy: 'Choose another name, or replace what is there with --force.',
  },
  not_confirmed: {
    exitCode: exitCodes.failed,
    remedy: 'Run the command again and answer y, or say --yes.',
  },
  record_broken: {
    exitCode: exitCodes.failed,
    remedy:
      'Stop the server, keep the store as it is, and compare it with an export or a backup that verifies.',
  },
  head_not_found: {
    exitCode: exitCodes.failed,
    remedy:
      'Check the hash. If it was noted of this store, the record was rewritten since, or put back to an earlier state.',
  },
  problem_found: {
    exitCode: exitCodes.failed,
    remedy: 'Do what stands beneath each problem, and look again.',
  },
  output_unwritable: {
    exitCode: exitCodes.failed,
    remedy: 'Check where the output goes: the disk may be full.',
  },
  address_unusable: {
    exitCode: exitCodes.failed,
    remedy:
      'Choose another port with --port or PORT, where 0 picks a free one, or another host with --host or HOST.',
  },
  server_unreachable: {
    exitCode: exitCodes.failed,
    remedy: 'Start the server, or name another one with --server or SEATLEDGER_SERVER.',
  },
  connection_broken: {
    exitCode: exitCodes.failed,
    remedy: 'Check that the server still runs and whether the change was made, then run the command again.',
  },
  answer_late: {
    exitCode: exitCodes.failed,
    remedy: 'Check the server, and whether the change was made, before running the command again.',
  },
  answer_unreadable: {
    exitCode: exitCodes.failed,
    remedy:
      'Check that --server or SEATLEDGER_SERVER names a seatledger server and not something in front of it.',
  },
  defect: {
    exitCode: exitCodes.failed,
    remedy: 'This is a defect of seatledger. Please report it with the text above.',
  },
} as const satisfies Record<string, { exitCode: ExitCode; remedy: string }>;

export function localFailure(
  code: keyof typeof localFailures,
  sentence: string,
  { remedy, cause }: { remedy?: string; cause?: unknown } = {},
): Failure {
  const entry = localFailures[code];
  return new Failure(sentence, { code, exitCode: entry.exitCode, remedy: remedy ?? entry.remedy, cause });
}

/** What can be said of a customer on the command line. */

import {
  type CustomerChange,
  type JobStatus,
  jobStatuses,
  type ManagementMode,
  managementModes,
} from '@seatledger/contract';
import type { Command } from 'commander';
import type { Sent } from '../../connection/writes.ts';
import { numberChoice } from '../numberChoice.ts';

export interface CustomerFactsOptions {
  readonly organization?: string;
  readonly ownerEmail?: string;
  readonly country?: string;
  readonly managementMode?: ManagementMode;
  readonly jobStatus?: JobStatus;
}

export function addCustomerFactsOptions(command: Command): Command {
  return command
    .option('--owner-email <address>', 'who is written to')
    .option('--country <name>', 'the country or region, as it is shown')
    .addOption(
      numberChoice(
        '--management-mode <number>',
        '0 the customer manages, 1 the partner manages, 2 to be configured',
        managementModes,
      ),
    )
    .addOption(
      numberChoice(
        '--job-status <number>',
        '0 N/A, 1 working, 2 failed, 3 waiting for configuration, 4 multiple issues found, 5 finished with exception, 6 no backup updates',
        jobStatuses,
      ),
    );
}

export function customerFactsOf({
  organization,
  ownerEmail,
  country,
  managementMode,
  jobStatus,
}: CustomerFactsOptions): Sent<CustomerChange> {
  return { organization, ownerEmail, countryOrRegion: country, managementMode, jobStatus };
}

/** Fills an empty store with the sample: a partner with real numbers, and an app to ask for them. */

import { createReadStream } from 'node:fs';
import { type MakeChange, noPartner } from './changes.ts';
import { defaultPartnerName, type EstateReads } from './estate/index.ts';
import type { AppRequest } from './identity/index.ts';
import type { Imports } from './imports.ts';

const sampleBytesMax = 10_000_000;

const sampleApp: AppRequest = {
  name: 'sample',
  permissions: ['elements.license.read.all', 'seatledger.read'],
  scope: 'all',
  revision: undefined,
  secretYears: 1,
  certificates: [],
  grantable: null,
};

export interface SampleApp {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** The app that was made; undefined where the store is not empty, and was left as it is. */
export async function loadSample(
  file: string,
  {
    estate,
    make,
    imports,
    clock,
  }: { estate: EstateReads; make: MakeChange; imports: Imports; clock: { now(): number } },
): Promise<SampleApp | undefined> {
  if ((await estate.partners()).length > 0) return undefined;
  const request = { bytesMax: sampleBytesMax, format: 'csv' } as const;
  const { app, clientSecret } = await imports.checked(createReadStream(file), request, (rowsPath) =>
    make({
      kind: 'sample.load',
      input: { partner: defaultPartnerName, rowsPath, app: sampleApp },
      partnerId: noPartner,
      actor: 'operator',
      reason: 'sample',
      now: clock.now(),
    }),
  );
  if (clientSecret === null) throw new Error('the app of the sample has a secret');
  return { clientId: app.clientId, clientSecret };
}

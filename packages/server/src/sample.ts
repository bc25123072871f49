/** Fills an empty store with the sample: a partner with real numbers, and an app to ask for them. */

import { createReadStream } from 'node:fs';
import type { MakeChange } from './changes.ts';
import { defaultPartnerName, type EstateReads } from './estate/index.ts';
import type { Import } from './http/index.ts';

const sampleBytesMax = 10_000_000;

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
    importBody,
    clock,
  }: { estate: EstateReads; make: MakeChange; importBody: Import; clock: { now(): number } },
): Promise<SampleApp | undefined> {
  if ((await estate.partners()).length > 0) return undefined;
  const by = { actor: 'operator', reason: 'sample', now: clock.now() };
  const { partnerId } = await make({
    ...by,
    kind: 'partner.create',
    input: { name: defaultPartnerName },
    partnerId: 0,
  });
  await importBody(createReadStream(file), {
    bytesMax: sampleBytesMax,
    format: 'csv',
    dryRun: false,
    replace: false,
    customers: 'all',
    partnerId,
    actor: by.actor,
  });
  const { app, clientSecret } = await make({
    ...by,
    kind: 'app.register',
    input: {
      name: 'sample',
      permissions: ['elements.license.read.all', 'seatledger.read'],
      customers: 'all',
      revision: undefined,
      secretYears: 1,
      grantable: null,
    },
    partnerId,
  });
  return { clientId: app.clientId, clientSecret };
}

/** A store that the doctor looks at, and what is amiss with it. */

import assert from 'node:assert/strict';
import { openOperatorStore } from '../operatorStore.ts';
import { startServer } from '../app.ts';
import { examine } from '../doctor/examine.ts';
import type { Check, Finding } from '../doctor/finding.ts';
import { testConfig } from './config.ts';
import { openTestPlace, type TestPlace } from './place.ts';

interface Around {
  /** How far the clock is moved, in milliseconds. */
  readonly later?: number;
  readonly free?: number;
  readonly variables?: NodeJS.ProcessEnv;
  readonly url?: string;
}

interface Examined {
  readonly place: TestPlace;
  readonly found: (around?: Around) => Promise<readonly Finding[]>;
  /** The check and the state of what is not as it should be. */
  readonly amiss: (around?: Around) => Promise<readonly (readonly [Check, string])[]>;
  /** The one finding of the check that is not as it should be. */
  readonly one: (check: Check, around?: Around) => Promise<Finding>;
}

/** A store with one app, which a server has run on. */
export async function openExamined(): Promise<Examined> {
  const place = await openTestPlace();
  const store = await openOperatorStore(place.flags);
  await store.createApp({ name: 'first', permissions: ['seatledger.read'] });
  await store.close();
  // A server makes the first signing key.
  await (await startServer(testConfig({ place: place.place }))).stop();
  const key = place.place.kind === 'database' ? { SEATLEDGER_KEY: place.place.encryptionKey } : {};

  const examined: Examined = {
    place,
    found: ({ later = 0, free, variables, url } = {}) =>
      examine(
        { ...place.flags, url },
        {
          clock: { now: () => Date.now() + later },
          environment: { ...key, ...variables },
          ...(free === undefined ? {} : { roomOf: () => free }),
        },
      ),
    async amiss(around) {
      const findings = await examined.found(around);
      for (const { state, seen, remedy } of findings) {
        assert.match(seen, /^[A-Z"\d].*[.!]$/, seen);
        assert.equal(remedy === null, state === 'ok');
      }
      return findings.filter(({ state }) => state !== 'ok').map(({ check, state }) => [check, state]);
    },
    async one(check, around) {
      const findings = await examined.found(around);
      const [finding, ...others] = findings.filter((of) => of.check === check && of.state !== 'ok');
      assert.ok(finding !== undefined && others.length === 0, check);
      return finding;
    },
  };
  return examined;
}

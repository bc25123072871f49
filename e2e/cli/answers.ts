/** Commands of one app, by what comes of them. */

import assert from 'node:assert/strict';
import { type Outcome, seatledger, type Variables } from '../product.ts';

type Args = readonly string[];

export function commandsIn(environment: Variables) {
  /** As a person sees it. */
  const run = (args: Args, input = ''): Promise<Outcome> => seatledger(args, { input, environment });

  /** What it prints for machines; it has to be done. */
  const answer = async (args: Args, input = '') => {
    const { exitCode, stdout, stderr } = await run([...args, '--json'], input);
    assert.deepEqual([exitCode, stderr], [0, ''], args.join(' '));
    return JSON.parse(stdout);
  };

  /** What it fails with, for machines; nothing else may be printed. */
  const refusal = async (args: Args, input = '') => {
    const { exitCode, stdout, stderr } = await run([...args, '--json'], input);
    assert.equal(stdout, '', args.join(' '));
    const failure = JSON.parse(stderr);
    assert.equal(failure.exitCode, exitCode);
    return failure;
  };

  return { run, answer, refusal };
}

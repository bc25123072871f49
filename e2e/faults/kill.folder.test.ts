/** Kills on a data folder. */

import { test } from 'node:test';
import { permissions } from '@seatledger/contract';
import { createApp, temporaryFolder } from '../product.ts';
import { killAgainAndAgain } from './kill.ts';

test('a server that is killed while clients write loses nothing that it acknowledged, on a data folder', async (t) => {
  await using folder = await temporaryFolder();
  const app = await createApp(folder.path, permissions);
  await killAgainAndAgain(t, { args: ['--data', folder.path], environment: {}, app });
});

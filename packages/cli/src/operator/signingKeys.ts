/** The keys of a store that tokens are signed with, which servers may go on with. */

import { openOperatorKeys, type OperatorKeys } from '@seatledger/server';
import type { StoreName } from './operatorStore.ts';
import { failingAsCommand } from './serverFailures.ts';

export function rotateKeys(name: StoreName, options: { dropOthers: boolean }) {
  return withOperatorKeys(name, (keys) => keys.rotate(options));
}

export function listKeys(name: StoreName) {
  return withOperatorKeys(name, (keys) => keys.list());
}

function withOperatorKeys<Result>(
  name: StoreName,
  use: (keys: OperatorKeys) => Promise<Result>,
): Promise<Result> {
  return failingAsCommand(async () => {
    const keys = await openOperatorKeys(name);
    try {
      return await use(keys);
    } finally {
      await keys.close();
    }
  });
}

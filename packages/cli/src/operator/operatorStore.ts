import { openOperatorStore, type OperatorStore, type ServeFlags } from '@seatledger/server';
import { failingAsCommand } from './serverFailures.ts';

/** How a store is named; the server knows which one where neither is given. */
export type StoreName = Pick<ServeFlags, 'data' | 'databaseUrl'>;

/** Lends the store to `use`. With `mustExist`, a data folder that is not there is not made. */
export function withOperatorStore<Result>(
  { name, mustExist }: { name: StoreName; mustExist: boolean },
  use: (store: OperatorStore) => Promise<Result>,
): Promise<Result> {
  return failingAsCommand(async () => {
    const store = await openOperatorStore(name, { mustExist });
    try {
      return await use(store);
    } finally {
      await store.close();
    }
  });
}

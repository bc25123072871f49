import { type DataFolder, openDataFolder } from '@seatledger/server';
import { failingAsCommand } from './serverFailures.ts';

/** Lends the data folder of a stopped server to `use`; the server knows which one where none is named. */
export function withDataFolder<Result>(
  { path, mustExist }: { path: string | undefined; mustExist: boolean },
  use: (folder: DataFolder) => Promise<Result>,
): Promise<Result> {
  return failingAsCommand(async () => {
    const folder = await openDataFolder(path, { mustExist });
    try {
      return await use(folder);
    } finally {
      await folder.close();
    }
  });
}

import type { Command } from 'commander';
import type { CommandContext } from '../commandContext.ts';
import { stdoutName, withOutputFile } from '../outputFile.ts';
import { writeAnswer } from '../output/answer.ts';
import { withWriteProgress } from '../output/progress.ts';
import { write } from '../output/write.ts';
import { addCommand } from './addCommand.ts';
import { movedStoreText } from './movedStore.ts';
import { addStoreOptions, type StoreOptions } from './storeOptions.ts';

interface ExportOptions extends StoreOptions {
  readonly force?: boolean;
  readonly json?: boolean;
}

/** Adds `export`. */
export function addExportCommand(program: Command, context: CommandContext): void {
  const command = addCommand(program, 'export', {
    summary: 'write everything in a store to a file',
    description:
      "write everything in a store to a file, as it is at this moment, also while servers run on it. The file holds people's addresses and what proves the secrets of apps, so it is made readable for you alone; signing keys are not in it",
    examples: [
      'seatledger export seatledger.export --data ./data',
      'seatledger export - --database-url postgres://seatledger@db.example.com/seatledger | gzip > seatledger.export.gz',
    ],
  })
    .argument('<file>', 'the file, or - for stdout')
    .option('--force', 'replace the file if it is there');
  addStoreOptions(command).action(
    async (file: string, { force = false, json = false, ...store }: ExportOptions) => {
      const { exportStore } = await import('../operator/wholeStore.ts');
      const moved = await withWriteProgress(context.stderr, (wrote) => {
        const exportTo = (writeText: (text: string) => Promise<void>) =>
          exportStore(store, async (text) => {
            await writeText(text);
            wrote(Buffer.byteLength(text));
          });
        return file === stdoutName
          ? exportTo((text) => write(context.stdout, text))
          : withOutputFile(file, { replace: force }, exportTo);
      });
      // On stdout the export is alone.
      const told = file === stdoutName ? { ...context, stdout: context.stderr } : context;
      await writeAnswer(told, { json }, moved, movedStoreText('Exported', told));
    },
  );
}

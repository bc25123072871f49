import { fileURLToPath } from 'node:url';
import { type ServeFlags, serve } from '@seatledger/server';
import type { CommandContext } from '../commandContext.ts';
import { writeJson } from '../output/json.ts';
import { writeLine } from '../output/write.ts';
import { failingAsCommand } from './serverFailures.ts';

const sampleFile = fileURLToPath(new URL('../../../../samples/lines.csv', import.meta.url));

/** Runs the server until it is told to stop. */
export async function runServer(
  flags: Omit<ServeFlags, 'sampleFile'>,
  { sample, json }: { sample: boolean; json: boolean },
  context: CommandContext,
): Promise<void> {
  await failingAsCommand(() =>
    serve(sample ? { ...flags, sampleFile } : flags, async (ready) => {
      if (json)
        await writeJson(context, {
          url: ready.url,
          ...(ready.metricsUrl === undefined ? {} : { metricsUrl: ready.metricsUrl }),
          ...ready.sampleApp,
        });
      else if (ready.dataFolder !== undefined && sample) {
        // It asks the server as a client does, which takes a client: who serves no sample does not wait for that.
        const { announceSample } = await import('./announceSample.ts');
        await announceSample(ready, ready.dataFolder, context);
      } else await writeLine(context.stdout, `seatledger listens on ${ready.url}`);
      if (!json && ready.metricsUrl !== undefined)
        await writeLine(context.stdout, `Its metrics are at ${ready.metricsUrl}/metrics`);
    }),
  );
}

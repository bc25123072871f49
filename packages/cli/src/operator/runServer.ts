import { fileURLToPath } from 'node:url';
import { operations } from '@seatledger/contract';
import { type ServeFlags, type ServerReady, serve } from '@seatledger/server';
import type { CommandContext } from '../commandContext.ts';
import { hasMembers } from '../connection/answerShape.ts';
import { connectionTo } from '../connection/connection.ts';
import { writeJson } from '../output/json.ts';
import { write, writeLine } from '../output/write.ts';
import { failingAsCommand } from './serverFailures.ts';
import { anotherAppText, type SampleServer, sampleQuestionPath, walkthroughText } from './walkthrough.ts';

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
      else if (ready.dataFolder !== undefined && sample)
        await announceSample(ready, ready.dataFolder, context);
      else await writeLine(context.stdout, `seatledger listens on ${ready.url}`);
      if (!json && ready.metricsUrl !== undefined)
        await writeLine(context.stdout, `Its metrics are at ${ready.metricsUrl}/metrics`);
    }),
  );
}

async function announceSample(
  { url, sampleApp }: ServerReady,
  dataFolder: string,
  { stdout }: CommandContext,
): Promise<void> {
  if (sampleApp === undefined) {
    await write(stdout, anotherAppText({ url, dataFolder }));
    return;
  }
  const server = { url, ...sampleApp };
  await write(stdout, walkthroughText(server));
  await write(stdout, `The answer is ${await sampleAnswer(server)}\n`);
}

/** Asked of the server that has just started and not kept as a text: what is promised here is what it gives. */
async function sampleAnswer({ url, clientId, clientSecret }: SampleServer): Promise<string> {
  const connection = connectionTo({ server: url, clientId, clientSecret });
  const answer = await connection.call(
    operations.getCustomerUserSeats,
    { path: sampleQuestionPath },
    (body) => hasMembers(body, {}),
  );
  return JSON.stringify(answer);
}

/** What a server that was started with the sample says: how to try it. */

import { operations } from '@seatledger/contract';
import type { ServerReady } from '@seatledger/server';
import type { CommandContext } from '../commandContext.ts';
import { hasMembers } from '../connection/answerShape.ts';
import { connectionTo } from '../connection/connection.ts';
import { write } from '../output/write.ts';
import { anotherAppText, type SampleServer, sampleQuestionPath, walkthroughText } from './walkthrough.ts';

export async function announceSample(
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

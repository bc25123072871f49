/** The document keeps the rules of a linter that we did not write. */

import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { startTestServer } from '../testing/server.ts';

const server = await startTestServer();
after(() => server.stop());
const folder = await mkdtemp(join(tmpdir(), 'seatledger-'));
after(() => rm(folder, { recursive: true, force: true }));

const bin = fileURLToPath(import.meta.resolve('@redocly/cli/bin/cli.js'));
const config = fileURLToPath(new URL('../../../../redocly.yaml', import.meta.url));

/** What the linter finds in the document; it is told to ask nobody whether there is a newer one. */
async function findingsIn(document: string): Promise<readonly string[]> {
  const file = join(folder, 'openapi.json');
  await writeFile(file, document);
  const env = { ...process.env, REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true', REDOCLY_TELEMETRY: 'off' };
  const options = ['lint', file, '--config', config, '--format', 'json'];
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(process.execPath, [bin, ...options], { env, cwd: folder, maxBuffer: 2 ** 26 }, (_error, stdout) =>
    resolve(stdout),
  );
  const { problems } = JSON.parse(await promise) as { problems: { ruleId: string; message: string }[] };
  return problems.map(({ ruleId, message }) => `${ruleId}: ${message}`);
}

test('the document that is served has nothing that the linter would change', async () => {
  const document = await (await server.request('/openapi.json')).text();
  assert.deepEqual(await findingsIn(document), []);
});

test('the linter sees what is wrong', async () => {
  assert.match((await findingsIn('{"openapi":"3.1.1","paths":{}}')).join('\n'), /info/);
});

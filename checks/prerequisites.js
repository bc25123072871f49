/** Stops a test run at once, and by name, where the machine lacks what the tests run on. Plain JavaScript: an old Node must read it. */

import { spawnSync } from 'node:child_process';

const nodeMajorMin = 26;
const tools = [
  ['git', '--version'],
  ['curl', '--version'],
  ['openssl', 'version'],
];

const missing = tools
  .filter(([tool, argument]) => spawnSync(tool, [argument], { stdio: 'ignore' }).error !== undefined)
  .map(([tool]) => `${tool} is missing: install it and see that it is on PATH.`);

if (Number.parseInt(process.versions.node, 10) < nodeMajorMin) {
  missing.push(
    `Node ${nodeMajorMin} or newer is missing; this is ${process.version}. It comes with the project: ` +
      'run "npm ci" without --omit=optional and start through npm, or install it yourself where ' +
      `npm has none for ${process.platform}-${process.arch}.`,
  );
}

for (const line of missing) console.error(line);
if (missing.length > 0) process.exitCode = 1;

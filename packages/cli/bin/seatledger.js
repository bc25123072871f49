#!/usr/bin/env node
// Plain JavaScript that an old Node can parse too: the sources below are TypeScript, and an older Node would fail on them with a
// syntax error that helps nobody.

import { fileURLToPath } from 'node:url';

const nodeMajorMin = 26;

if (Number.parseInt(process.versions.node, 10) >= nodeMajorMin) {
  // A third of the time until a command answers is compiling. The cache is among files that only the owner of the installation can
  // write, not in Node's default folder: on a shared machine anybody may have made that one beforehand.
  const compileCache = new URL('../node_modules/.cache/compile', import.meta.url);
  process.getBuiltinModule('node:module').enableCompileCache(fileURLToPath(compileCache));
  void import('../src/main.ts');
} else {
  process.stderr.write(
    `seatledger: Node ${nodeMajorMin} or newer is needed; this is ${process.versions.node} (${process.execPath}).\n` +
      'Run it through npx seatledger or npm start in the repository, after npm ci: that uses the Node that comes with the project.\n',
  );
  process.exitCode = 1;
}

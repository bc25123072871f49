#!/usr/bin/env node
// Plain JavaScript that an old Node can parse too: the sources below are TypeScript, and an older Node would fail on them with a
// syntax error that helps nobody.

import { fileURLToPath } from 'node:url';

const nodeMajorMin = 26;

// Left alone, V8 gives new objects 64 MB. What a server makes lives for one answer: with this bound, and the one that it sets once it has
// started, it streams a million rows in 100 MB less. This one cannot be set in a process that runs.
const newObjectsBound = '--max-semi-space-size=16';

if (Number.parseInt(process.versions.node, 10) >= nodeMajorMin) {
  const { argv, env, execArgv, execPath } = process;
  // Windows has no such call, and serves without.
  if (argv[2] === 'serve' && !execArgv.includes(newObjectsBound) && process.platform !== 'win32')
    process.execve(execPath, [execPath, newObjectsBound, ...execArgv, ...argv.slice(1)], env);
  // A third of the time until a command answers is compiling. The cache is among files that only the owner of the installation can
  // write, not in Node's default folder: on a shared machine anybody may have made that one beforehand.
  const compileCache = fileURLToPath(new URL('../node_modules/.cache/compile', import.meta.url));
  process.getBuiltinModule('node:module').enableCompileCache(compileCache);
  // Threads do not take it over from the process, they look here.
  process.env.NODE_COMPILE_CACHE ??= compileCache;
  void import('../src/main.ts');
} else {
  process.stderr.write(
    `seatledger: Node ${nodeMajorMin} or newer is needed; this is ${process.versions.node} (${process.execPath}).\n` +
      'Run it through npx seatledger or npm start in the repository, after npm ci: that uses the Node that comes with the project.\n',
  );
  process.exitCode = 1;
}

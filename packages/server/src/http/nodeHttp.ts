/**
 * Values of Node's HTTP module, had without an `import` of it: that asks for everything that the module exports, also for what only Node's
 * `fetch` has, which is loaded for it and takes some 15 ms of a start.
 */

export const { createServer, ServerResponse } = process.getBuiltinModule('node:http');

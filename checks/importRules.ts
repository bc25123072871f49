/** Who may import whom. The default is no: a file in no room, and a target that its room does not name, are violations. */

import { matchesGlob } from 'node:path/posix';
import type { Import } from './importsOf.ts';

interface Room {
  readonly name: string;
  readonly files: readonly string[];
  /** Beside the room's own files. */
  readonly may: readonly string[];
  /** With `import type` only. */
  readonly mayTypes?: readonly string[];
  /** With `await import()` only. */
  readonly mayLazily?: readonly string[];
  readonly because: string;
}

interface Reserved {
  readonly modules: readonly string[];
  readonly to: readonly string[];
  readonly because: string;
}

const contract = 'packages/contract/src/index.ts';
const client = 'packages/client/src/index.ts';
const server = 'packages/server/src';

/** The first room that matches is the file's room. */
const rooms: readonly Room[] = [
  {
    name: 'tests',
    files: ['**/*.test.ts', `${server}/testing/**`],
    may: ['**'],
    because: 'a test may set up whatever it proves',
  },
  {
    name: 'contract',
    files: ['packages/contract/src/**'],
    may: [],
    because: 'the promise on the wire stands alone: server, client and console are measured against it',
  },
  {
    name: 'client',
    files: ['packages/client/src/**'],
    may: [contract],
    because: 'the published client brings along the contract and nothing of the server',
  },
  {
    name: 'cli/operator',
    files: ['packages/cli/src/operator/**'],
    may: [contract, client, 'packages/cli/src/**', `${server}/index.ts`],
    because: 'the operator commands see the server as everybody does, through its index',
  },
  {
    name: 'cli',
    files: ['packages/cli/{src,bin}/**'],
    may: [contract, client],
    mayLazily: ['packages/cli/src/operator/**'],
    because:
      'a command that talks to a remote server must not load a server; operator/ does, once it is asked for',
  },
  {
    name: 'estate',
    files: [`${server}/estate/**`],
    may: [contract, `${server}/record/**`],
    because:
      'partners and customers are the ground of the other domains and know none of them but the record',
  },
  {
    name: 'record',
    files: [`${server}/record/**`],
    may: [contract],
    because: 'the record keeps what any domain did and must not know what that was',
  },
  {
    name: 'ledger',
    files: [`${server}/ledger/**`],
    may: [contract, `${server}/{estate,record}/**`],
    because: 'who asks (identity, http) and where it is kept (store) must not change how seats are counted',
  },
  {
    name: 'identity',
    files: [`${server}/identity/**`],
    may: [contract, `${server}/{estate,record}/**`],
    because: 'rights are decided without the seats they protect and without how they are kept or asked for',
  },
  {
    name: 'store',
    files: [`${server}/store/**`],
    may: [contract],
    mayTypes: [`${server}/{estate,record,ledger,identity}/**`],
    because:
      'the store implements the ports of the domains: it needs their types and none of their decisions',
  },
  {
    name: 'metrics',
    files: [`${server}/metrics/**`],
    may: [],
    because: 'whoever is counted is counted the same way, and what counts knows none of them',
  },
  {
    name: 'http',
    files: [`${server}/http/**`],
    may: [contract, `${server}/{estate,record,ledger,identity,metrics}/index.ts`],
    mayTypes: [`${server}/changes.ts`],
    because:
      'the wire is translated for the domains, through their indexes; what is kept goes through them too',
  },
  {
    name: 'composition',
    files: [`${server}/*.ts`, `${server}/{doctor,threads}/**`],
    may: ['**'],
    because: 'the process puts the rooms together',
  },
];

/** `process.env` is reported as if it were a module. */
const reserved: readonly Reserved[] = [
  {
    modules: ['node:sqlite'],
    to: [`${server}/store/sqlite/**`],
    because: 'what differs between the databases has one folder each',
  },
  {
    modules: ['pg', 'pg-*'],
    to: [`${server}/store/postgres/**`],
    because: 'what differs between the databases has one folder each',
  },
  { modules: ['kysely', 'kysely/**'], to: [`${server}/store/**`], because: 'only the store speaks SQL' },
  {
    modules: ['fastify', 'fastify-*', '@fastify/**'],
    to: [`${server}/http/**`],
    because: 'only the http room knows the framework',
  },
  {
    modules: ['typebox', 'typebox/**'],
    to: ['packages/contract/src/type.ts'],
    because: 'that file has its types and makes the schemas itself: loading it would hold up every start',
  },
  {
    modules: ['process.env'],
    to: [`${server}/config.ts`, 'packages/cli/src/environment.ts', 'packages/cli/bin/seatledger.js'],
    because: 'settings are read and validated in one place and handed on as arguments',
  },
];

/** One sentence per violation, each with its place and its reason. */
export function violations(imports: readonly Import[]): string[] {
  return [...imports.flatMap(violationsOf), ...cycles(imports)];
}

function violationsOf(edge: Import): string[] {
  const { from, specifier, to } = edge;
  const place = `${from}:${edge.line}`;
  const room = roomOf(from);
  if (room === undefined)
    return [`${place}: the file is in no room; name its room in checks/importRules.ts.`];
  if (room.name === 'tests') return [];

  if (to === undefined) {
    return reserved
      .filter(({ modules, to: allowed }) => matches(specifier, modules) && !matches(from, allowed))
      .map((rule) => `${place}: ${specifier} is for ${rule.to.join(' and ')} alone: ${rule.because}.`);
  }
  if (specifier.startsWith('.') && packageOf(from) !== packageOf(to)) {
    return [`${place}: ${specifier} leaves the package; import the other package by its name.`];
  }
  const allowed = [
    ...room.may,
    ...(edge.kind === 'type' ? (room.mayTypes ?? []) : []),
    ...(edge.kind === 'lazy' ? (room.mayLazily ?? []) : []),
  ];
  if (room === roomOf(to) || matches(to, allowed)) return [];
  return [`${place}: ${room.name} may not import ${to}${hint(room, to)}: ${room.because}.`];
}

function hint(room: Room, to: string): string {
  if (matches(to, room.mayTypes ?? [])) return ' but for its types (import type)';
  if (matches(to, room.mayLazily ?? [])) return ' but lazily (await import)';
  return '';
}

/** Types count: two files that need each other's types are one idea in two files. */
function cycles(imports: readonly Import[]): string[] {
  const targets = new Map<string, Set<string>>();
  for (const { from, to } of imports) {
    if (to !== undefined) targets.set(from, (targets.get(from) ?? new Set()).add(to));
  }
  const found: string[] = [];
  const done = new Set<string>();
  function visit(file: string, path: readonly string[]) {
    const start = path.indexOf(file);
    if (start !== -1) {
      found.push(
        `${[...path.slice(start), file].join(' -> ')}: a cycle; move what both need to a file of its own.`,
      );
    } else if (!done.has(file)) {
      for (const target of targets.get(file) ?? []) visit(target, [...path, file]);
      done.add(file);
    }
  }
  for (const file of targets.keys()) visit(file, []);
  return found;
}

const roomOf = (file: string) => rooms.find(({ files }) => matches(file, files));
const packageOf = (file: string) => file.split('/', 2).join('/');
const matches = (path: string, globs: readonly string[]) => globs.some((glob) => matchesGlob(path, glob));

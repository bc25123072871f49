/** The habits of this house that a pattern can see. Each ban names its replacement. */

import { matchesGlob } from 'node:path/posix';

interface Ban {
  readonly pattern: RegExp;
  readonly in: readonly string[];
  readonly except: readonly string[];
  readonly instead: string;
}

const linesMax = 400;
const code = '**/*.{ts,tsx,js}';
const tests = '**/*.test.ts';
const tidyItself = 'checks/tidy*';
const emptyFolderNames = ['common', 'helpers', 'misc', 'services', 'types', 'utils'];

const impure = {
  in: ['packages/**/*.{ts,tsx,js}'],
  except: [
    tests,
    'packages/server/src/{openLedger,app,threads/*}.ts',
    'packages/server/src/testing/**',
    'packages/cli/**',
  ],
};

const bans: readonly Ban[] = [
  { ...impure, pattern: /\bDate\.now\b|\bnew Date(?:\(\s*\)|(?!\s*\())/, instead: 'inject Clock' },
  { ...impure, pattern: /\bMath\.random\b|\brandomUUID\b/, instead: 'inject Randomness' },
  {
    pattern: /\.(?:only|skip|todo)\(|\b(?:only|skip|todo): ?(?:true|['"`])/,
    in: [tests],
    except: [tidyItself],
    instead: 'run every test: repair this one or delete it with the reason in the commit',
  },
  {
    pattern: /\b(?:TODO|FIXME)\b/,
    in: [code, '**/*.{md,json,yml,yaml,css,html,sh}'],
    except: [tidyItself],
    instead: 'do it now or open an issue',
  },
  {
    pattern: /sqlite|postgres/i,
    in: ['packages/server/src/**/*.{ts,js}'],
    except: [
      tests,
      'packages/server/src/{config,openLedger,wholeStore}.ts',
      'packages/server/src/{store,threads,testing}/**',
    ],
    instead: 'name the capability; which database it is, only store/ and the composition root know',
  },
];

/** One sentence per finding in the file, which `path` names from the root of the repository. */
export function findings(path: string, text: string): string[] {
  const found: string[] = [];
  const folder = path.split('/').find((name) => emptyFolderNames.includes(name));
  if (folder !== undefined)
    found.push(`${path}: "${folder}" says nothing: name the folder after what is in it.`);

  const lines = text.split('\n');
  const count = lines.length - (text.endsWith('\n') ? 1 : 0);
  if (matchesGlob(path, code) && count > linesMax) {
    found.push(`${path}: ${count} lines of at most ${linesMax}: find the second idea and give it a file.`);
  }

  for (const ban of bans) {
    if (!matches(path, ban.in) || matches(path, ban.except)) continue;
    for (const [index, line] of lines.entries()) {
      const seen = ban.pattern.exec(line);
      if (seen !== null) found.push(`${path}:${index + 1}: no ${seen[0]}: ${ban.instead}.`);
    }
  }
  return found;
}

const matches = (path: string, globs: readonly string[]) => globs.some((glob) => matchesGlob(path, glob));

/** Checks the import directions of all packages: `npm run check:imports`. */

import { globSync, readFileSync } from 'node:fs';
import { violations } from './importRules.ts';
import { importsOf } from './importsOf.ts';

const files = globSync('packages/*/{src,bin}/**/*.{ts,tsx,js}').toSorted();
const imports = files.flatMap((file) => importsOf(file, readFileSync(file, 'utf8')));
const found = violations(imports);

for (const sentence of found) console.error(sentence);
if (files.length === 0) console.error('No source file was found: start from the root of the repository.');
if (found.length > 0 || files.length === 0) process.exitCode = 1;
else console.log(`${imports.length} imports of ${files.length} files point the right way.`);

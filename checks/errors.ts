/** Writes the page about errors from the registry of problems: `npm run docs:errors`. */

import { writeFileSync } from 'node:fs';
import { errorsPage, errorsPagePath } from './errorsPage.ts';

writeFileSync(errorsPagePath, errorsPage());

/** A process that opens the data folder it is given, makes a partner in it, and holds it until it is killed. */

import { openOperatorStore } from '../operatorStore.ts';

const folder = await openOperatorStore({ data: process.argv[2] });
await folder.createPartner('acknowledged');
process.stdout.write('open\n');
setInterval(() => undefined, 60_000);

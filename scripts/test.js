import { checkNode } from './lib/node-version.js';

checkNode();
// Loaded only now: the rest may use what an old Node cannot even read.
import('./lib/test.js').then(({ main }) => main(process.argv.slice(2)));

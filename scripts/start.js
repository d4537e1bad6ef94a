import { checkNode } from './lib/node-version.js';

checkNode();
// Loaded only now: the rest may use what an old Node cannot even read.
import('./lib/start.js').then(({ start }) => start());

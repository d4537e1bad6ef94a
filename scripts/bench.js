import { checkNode } from './lib/node-version.js';

checkNode();
import('./lib/bench.js').then(({ bench }) => bench());

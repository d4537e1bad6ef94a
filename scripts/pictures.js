import { checkNode } from './lib/node-version.js';

checkNode();
import('./lib/pictures.js').then(({ pictures }) => pictures(process.argv[2]));

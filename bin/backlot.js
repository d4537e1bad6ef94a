#!/usr/bin/env node
import { existsSync } from 'node:fs';

const cli = new URL('../dist/src/main.js', import.meta.url);
if (existsSync(cli)) {
  await import(cli.href);
} else {
  console.error('backlot: not built yet. Run "npm start" once, or "npm run build".');
  process.exitCode = 1;
}

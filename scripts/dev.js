import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ensureBuild, built } from './lib/build.js';
import { ensureDependencies } from './lib/dependencies.js';
import { orExplain } from './lib/explain.js';
import { ROOT, binary, say } from './lib/project.js';

// npm run dev [-- --port 5000 …]: the compiler on watch, the program restarted after every change, and the pages from
// their own server with hot reload. Arguments go to the program.
await orExplain(async () => {
  await ensureDependencies();
  await ensureBuild();
});

const children = [];
let ending = false;

/** Starts one long-running part; when any of them ends, all do. */
function keep(name, command, args) {
  const child = spawn(command, args, { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], detached: true });
  children.push(child);
  child.on('error', (error) => end(`${name}: ${error.message}`));
  child.on('exit', () => end(`${name} ended`));
}

/** Each part leads a group of its own, and the whole group goes: the compiler's command is only a wrapper. */
function end(reason) {
  if (!ending) say(`${reason}; stopping`);
  ending = true;
  for (const child of children) {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) {
      process.kill(-child.pid, 'SIGTERM');
    }
  }
}

keep('compiler', binary('tsc'), ['-p', 'tsconfig.build.json', '--watch', '--preserveWatchOutput']);
keep('program', process.execPath, [
  '--watch',
  '--watch-preserve-output',
  built('src/main.ts'),
  'start',
  ...process.argv.slice(2),
]);
if (existsSync(join(ROOT, 'web', 'index.html'))) keep('pages', binary('vite'), ['web']);
process.on('SIGINT', () => end('interrupted'));
process.on('SIGTERM', () => end('asked to stop'));

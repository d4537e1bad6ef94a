import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, binary, run, seconds } from './project.js';

/** The checks that need no running program; `floors` can be left to the test run. */
function steps() {
  const vitest = ['run', '--project', 'unit', 'test/floors.test.ts', '--reporter=dot'];
  const list = [
    { name: 'types', command: 'tsc', args: ['--noEmit', '-p', 'tsconfig.json'] },
    { name: 'lint', command: 'oxlint', args: [] },
    { name: 'format', command: 'oxfmt', args: ['--check'] },
    { name: 'floors', command: 'vitest', args: vitest },
  ];
  if (existsSync(join(ROOT, 'web', 'tsconfig.json'))) {
    list.splice(1, 0, { name: 'web types', command: 'tsc', args: ['--noEmit', '-p', 'web/tsconfig.json'] });
  }
  return list;
}

/**
 * Runs the checks, two at a time, and prints one line each; a failing one shows its output. Answers the names of those
 * that failed.
 */
export async function check({ floors = true } = {}) {
  const queue = steps().filter((step) => floors || step.name !== 'floors');
  const failed = [];
  const worker = async () => {
    for (let step = queue.shift(); step !== undefined; step = queue.shift()) {
      const since = performance.now();
      const { code, output } = await run(binary(step.command), step.args);
      if (code === 0) {
        console.log(`  ok      ${step.name} (${seconds(since)})`);
      } else {
        failed.push(step.name);
        console.log(`  FAILED  ${step.name} (${seconds(since)})\n${output.trimEnd()}\n`);
      }
    }
  };
  await Promise.all([worker(), worker()]);
  return failed;
}

import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureBuild } from './build.js';
import { check } from './check.js';
import { ensureDependencies } from './dependencies.js';
import { orExplain } from './explain.js';
import { ROOT, SetUpError, binary, readJson, run, say } from './project.js';
import { ensureTools, findTool } from './system.js';

const NO_BROWSER =
  'no browser was found, so the tests of the pages are left out (CHROMIUM_PATH names one, REQUIRE_BROWSER=1 makes this a failure)';

export async function main(args) {
  process.exitCode = await orExplain(() => test(args));
}

/** Set-up, build, checks and all tests; `args` go to vitest. Answers the exit code. Ends with one line of totals. */
async function test(args) {
  const strict = isSet(process.env.CI) || isSet(process.env.REQUIRE_BROWSER);
  await ensureDependencies();
  await ensureTools(['ffmpeg', 'chromium'], { again: strict });
  const browser = findTool('chromium');
  if (browser === undefined && strict) {
    throw new SetUpError('CI or REQUIRE_BROWSER asks for the tests of the pages, but there is no browser.');
  }
  if (browser === undefined) say(NO_BROWSER);
  await ensureBuild();
  await makeFixtures();
  // With a filter somebody works on one thing; the whole run checks everything.
  const unchecked = args.length > 0 ? [] : await check({ floors: false });
  const totals = await runTests(args, browser);
  if (browser === undefined) say(NO_BROWSER);
  if (unchecked.length > 0) say(`failed checks, counted below: ${unchecked.join(', ')}`);
  const failed = totals.failed + unchecked.length;
  for (const name of totals.skipped) say(`left out: ${name}`);
  const skipped = totals.skipped.length > 0 ? `, ${totals.skipped.length} skipped` : '';
  console.log(`${totals.passed} passed, ${failed} failed${skipped}`);
  return failed === 0 ? 0 : 1;
}

async function runTests(args, browser) {
  const folder = mkdtempSync(join(tmpdir(), 'backlot-results-'));
  const results = join(folder, 'results.json');
  try {
    const projects = browser === undefined && !args.includes('--project') ? ['--project', '!page'] : [];
    const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${results}`];
    const env = browser === undefined ? process.env : { ...process.env, CHROMIUM_PATH: browser };
    const { code } = await run(binary('vitest'), ['run', ...reporters, ...projects, ...args], {
      show: true,
      env,
    });
    return count(readJson(results), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** A file that could not even be loaded has no failed test of its own and counts as one. */
function count(results, code) {
  const files = results?.testResults ?? [];
  const tests = files.flatMap((file) => file.assertionResults);
  const passed = tests.filter((entry) => entry.status === 'passed').length;
  const failedTests = tests.filter((entry) => entry.status === 'failed').length;
  const broken = files.filter(
    (file) => file.status === 'failed' && !file.assertionResults.some((entry) => entry.status === 'failed'),
  ).length;
  const failed = failedTests + broken;
  const skipped = tests
    .filter((entry) => entry.status !== 'passed' && entry.status !== 'failed')
    .map((entry) => entry.fullName);
  // Vitest also fails for errors outside of any test, and when it found no test at all.
  return { passed, failed: code === 0 ? failed : Math.max(failed, 1), skipped };
}

async function makeFixtures() {
  const script = join(ROOT, 'scripts', 'fixtures.js');
  if (!existsSync(script)) return;
  const { code } = await run(process.execPath, [script], { show: true });
  if (code !== 0) throw new SetUpError('The sample files of the tests could not be made.');
}

function isSet(value) {
  return value !== undefined && value !== '' && value !== '0' && value !== 'false';
}

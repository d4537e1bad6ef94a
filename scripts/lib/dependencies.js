import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, SetUpError, alone, readJson, run, say, seconds, writeJson } from './project.js';

const MODULES = join(ROOT, 'node_modules');
// Inside node_modules, so that it goes when they go; npm ci removes the folder before it begins.
const STAMP = join(MODULES, '.backlot.json');

/** Installs what package-lock.json names unless exactly that is installed already. Heals an interrupted install. */
export async function ensureDependencies() {
  if (readJson(STAMP)?.key === lockKey()) return;
  await alone(async () => {
    const key = lockKey();
    if (readJson(STAMP)?.key === key) return;
    if (!isInstalled()) await install();
    writeJson(STAMP, { key });
  });
}

/** The lock file, and the machine: a folder copied from another kind of machine has the wrong binaries in it. */
function lockKey() {
  const hash = createHash('sha256').update(readFileSync(join(ROOT, 'package-lock.json')));
  return hash.update(`${process.platform} ${process.arch}`).digest('hex');
}

/** Whether npm finished installing these very versions. It writes its own record last, after every package. */
function isInstalled() {
  const wanted = readJson(join(ROOT, 'package-lock.json'))?.packages ?? {};
  const present = readJson(join(MODULES, '.package-lock.json'))?.packages;
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (path === '' || entry.link === true) return true;
    const found = present[path];
    if (found === undefined) return entry.optional === true && !fitsHere(entry);
    return found.version === entry.version && existsSync(join(ROOT, path, 'package.json'));
  });
}

function fitsHere(entry) {
  const libc = process.platform === 'linux' ? (hasGlibc() ? 'glibc' : 'musl') : undefined;
  return allows(entry.os, process.platform) && allows(entry.cpu, process.arch) && allows(entry.libc, libc);
}

function allows(list, value) {
  return list === undefined || list.includes(value);
}

function hasGlibc() {
  return process.report?.getReport().header.glibcVersionRuntime !== undefined;
}

async function install() {
  const since = performance.now();
  say('installing dependencies; the first time this takes about a minute …');
  const timer = setInterval(() => say(`still installing (${seconds(since)}) …`), 15_000);
  // No install scripts: the program needs none, and what does not run cannot do harm. Development packages too, since
  // the pages are built here.
  const flags = ['--include=dev', '--include=optional', '--ignore-scripts', '--no-audit', '--no-fund'];
  let result = await runNpm(['ci', ...flags, '--loglevel=error']);
  if (result.code !== 0 && result.output.includes('EUSAGE')) {
    // A lock file written where some platforms' optional packages could not be seen is complete for this platform, but
    // npm ci refuses it. npm install takes the same locked versions; nothing half-installed may be left for it to trust.
    rmSync(MODULES, { recursive: true, force: true });
    result = await runNpm(['install', '--no-save', ...flags, '--loglevel=error']);
  }
  clearInterval(timer);
  if (result.code !== 0) {
    throw new SetUpError(
      `The dependencies could not be installed:\n${result.output.trimEnd()}\nCheck the network connection and the free disk space, then run the command again.`,
    );
  }
  say(`dependencies installed in ${seconds(since)}`);
}

/** The npm that called us, if it did; else the one on the PATH. */
function runNpm(args) {
  const caller = process.env.npm_execpath ?? '';
  return /npm-cli\.[cm]?js$/.test(caller)
    ? run(process.execPath, [caller, ...args], { locked: true })
    : run('npm', args, { locked: true });
}

import { accessSync, constants, existsSync, readdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { ROOT, readJson, run, say, seconds, writeJson } from './project.js';

/** Programs outside npm. Backlot starts without them and shows what is missing; the set-up installs them if it may. */
export const TOOLS = {
  ffmpeg: {
    purpose: 'pictures, previews and facts of video and audio',
    setting: 'FFMPEG_PATH',
    commands: ['ffmpeg'],
    packages: {},
    places: () => [],
  },
  chromium: {
    purpose: 'tests of the pages',
    setting: 'CHROMIUM_PATH',
    commands: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    packages: { brew: '--cask chromium' },
    places: browserPlaces,
  },
};

/** Package managers in the order they are looked for, with the line a person would type. */
const MANAGERS = [
  { command: 'apt-get', name: 'apt', line: (names) => `apt-get update && apt-get install -y ${names}` },
  { command: 'dnf', name: 'dnf', line: (names) => `dnf install -y ${names}` },
  { command: 'apk', name: 'apk', line: (names) => `apk add ${names}` },
  { command: 'pacman', name: 'pacman', line: (names) => `pacman -S --noconfirm ${names}` },
  { command: 'zypper', name: 'zypper', line: (names) => `zypper install -y ${names}` },
  { command: 'brew', name: 'brew', line: (names) => `brew install ${names}`, ordinary: true },
];

const MEMORY = join(ROOT, '.backlot', 'system.json');
const RETRY_AFTER_MS = 24 * 60 * 60_000;
const APT_LIMIT_MS = 5 * 60_000;

/** Where a tool is: the setting that names it, the PATH, its usual places. `undefined` when it is not here. */
export function findTool(name) {
  const tool = TOOLS[name];
  const set = process.env[tool.setting];
  if (set !== undefined && set !== '') return isExecutable(set) ? set : undefined;
  const folders = (process.env.PATH ?? '').split(delimiter).filter((folder) => folder !== '');
  const onPath = tool.commands.flatMap((command) => folders.map((folder) => join(folder, command)));
  return [...onPath, ...tool.places()].find(isExecutable);
}

/**
 * Looks for tools and installs missing ones when this is root on a machine with apt. A failure is remembered for a day,
 * so that the next start does not wait for it again; `again` tries all the same. Answers the names still missing, after
 * printing the one line that installs them.
 */
export async function ensureTools(names, { again = false } = {}) {
  const missing = names.filter((name) => findTool(name) === undefined);
  if (missing.length === 0) return [];
  const tries = readJson(MEMORY) ?? {};
  const untried = missing.filter((name) => again || Date.now() - (tries[name] ?? 0) > RETRY_AFTER_MS);
  if (untried.length > 0 && mayInstall()) {
    await installWithApt(untried);
    const failed = untried.filter((name) => findTool(name) === undefined);
    const now = Object.fromEntries(failed.map((name) => [name, Date.now()]));
    if (failed.length > 0) writeJson(MEMORY, { ...tries, ...now });
  }
  const left = missing.filter((name) => findTool(name) === undefined);
  if (left.length > 0) explain(left);
  return left;
}

/** BACKLOT_SYSTEM_PACKAGES=no keeps the set-up from installing anything outside this folder. */
function mayInstall() {
  return (
    process.env.BACKLOT_SYSTEM_PACKAGES !== 'no' &&
    process.getuid?.() === 0 &&
    process.platform === 'linux' &&
    onPath('apt-get')
  );
}

async function installWithApt(names) {
  const since = performance.now();
  say(`installing ${names.join(' and ')} with apt-get (for ${purposes(names)}) …`);
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const apt = (args) =>
    run('apt-get', ['-o', 'DPkg::Lock::Timeout=60', '-o', 'Acquire::Retries=1', ...args], {
      env,
      timeout: APT_LIMIT_MS,
    });
  const install = () => apt(['install', '-y', '--no-install-recommends', ...names]);
  let result = await install();
  if (result.code !== 0) {
    // Fresh images come without package lists.
    await apt(['update']);
    result = await install();
  }
  if (result.code === 0) return say(`installed in ${seconds(since)}`);
  const reason =
    result.output.split('\n').findLast((line) => line.startsWith('E:')) ?? 'apt-get gave no reason';
  say(`apt-get could not install ${names.join(' and ')}: ${reason}`);
}

function explain(names) {
  const manager = MANAGERS.find((entry) => onPath(entry.command));
  for (const name of names) say(`${name} not found: without it there are no ${TOOLS[name].purpose}.`);
  if (manager === undefined) return say(`Install ${names.join(' and ')} and start again.`);
  const packages = names.map((name) => TOOLS[name].packages[manager.name] ?? name).join(' ');
  const command = manager.line(packages);
  const ordinary = manager.ordinary === true || process.getuid?.() === 0;
  say(`To install: ${ordinary ? command : `sudo sh -c '${command}'`}`);
}

function purposes(names) {
  return names.map((name) => TOOLS[name].purpose).join('; ');
}

function onPath(command) {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => isExecutable(join(folder, command)));
}

function isExecutable(file) {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Browsers that Playwright downloaded earlier, newest first, and those of macOS. */
function browserPlaces() {
  const caches = [
    process.env.PLAYWRIGHT_BROWSERS_PATH,
    join(homedir(), '.cache', 'ms-playwright'),
    join(homedir(), 'Library', 'Caches', 'ms-playwright'),
  ];
  const inside = [
    'chrome-linux/chrome',
    'chrome-linux64/chrome',
    'chrome-linux/headless_shell',
    'chrome-mac/Chromium.app/Contents/MacOS/Chromium',
  ];
  const downloaded = caches
    .filter((cache) => cache !== undefined && existsSync(cache))
    .flatMap((cache) => {
      const builds = readdirSync(cache).filter((name) => name.startsWith('chromium'));
      return builds
        .sort()
        .reverse()
        .flatMap((name) => inside.map((path) => join(cache, name, path)));
    });
  return [
    ...downloaded,
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
    '/snap/bin/chromium',
  ];
}

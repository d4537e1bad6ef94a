import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { built, ensureBuild } from './build.js';
import { ensureDependencies } from './dependencies.js';
import { orExplain } from './explain.js';
import { ROOT, SetUpError, run, say } from './project.js';
import { findTool } from './system.js';

const DESK = { width: 1440, height: 900 };

/**
 * Takes the pictures of the README from a library that the demo command fills; with a sign-in link from the one it opens,
 * which is to be such a library too.
 */
export async function pictures(link) {
  const executablePath = await orExplain(async () => {
    await ensureDependencies();
    await ensureBuild();
    const found = findTool('chromium');
    if (found === undefined) throw new SetUpError('The pictures need Chromium; set CHROMIUM_PATH.');
    return found;
  });
  if (link === undefined) await ofNewLibrary(executablePath);
  else await photograph(executablePath, link);
}

async function ofNewLibrary(executablePath) {
  const dataDir = mkdtempSync(join(tmpdir(), 'backlot-pictures-'));
  const env = { ...process.env, BACKLOT_DATA_DIR: dataDir, BACKLOT_PORT: '0', BACKLOT_LOG: 'error' };
  const server = spawn(process.execPath, [built('src/main.ts'), 'start'], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    const link = await signInLink(server);
    say('drawing the demo library …');
    const filled = await run(process.execPath, [built('src/main.ts'), 'demo'], { env });
    if (filled.code !== 0) throw new Error(filled.output);
    await photograph(executablePath, link);
  } finally {
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGTERM');
    await gone;
    rmSync(dataDir, { recursive: true, force: true });
  }
}

function signInLink(server) {
  return new Promise((resolve, reject) => {
    let said = '';
    server.once('exit', () => reject(new Error(`The program did not start:\n${said}`)));
    server.stdout.on('data', (part) => {
      said += part;
      const link = /http\S+\/sign-in\/\S+/.exec(said)?.[0];
      if (link !== undefined) resolve(link);
    });
  });
}

async function photograph(executablePath, link) {
  const { chromium } = await import('playwright-core');
  const browser = await chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] });
  try {
    await take(browser, link);
  } finally {
    await browser.close();
  }
}

async function take(browser, link) {
  const context = await browser.newContext({
    baseURL: new URL(link).origin,
    viewport: DESK,
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  });
  const page = await context.newPage();
  await page.goto(link);
  await page.getByRole('option').first().waitFor();
  await understood(page);
  const at = (address) => page.goto(address);

  await at('/library');
  await page
    .getByRole('option', { name: /^Pines in golden light 1/ })
    .first()
    .click();
  await keep(page, 'library');

  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await at('/library?q=dusk&by=type');
  await keep(page, 'search');

  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await at('/duplicates');
  await keep(page, 'duplicates');
}

/** Until nothing is being looked at any more: cards without pictures would not be a fair sight. */
async function understood(page) {
  for (;;) {
    const answer = await page.request.get(
      '/api/v1/brands/default/assets?state=processing&limit=1&count=true',
    );
    if ((await answer.json()).count === 0) return;
    await sleep(1000);
  }
}

/** Long enough for counts and for pictures that are asked for only once the page stands still. */
const REST_MS = 2500;

async function keep(page, name) {
  // Away from the cards, which show their acts under a pointer.
  await page.mouse.move(DESK.width / 3, 2);
  await sleep(REST_MS);
  // Pictures out of sight are not asked for, and waiting for one of them would never end.
  const inSight = () =>
    [...document.images].every((image) => {
      const { top, bottom } = image.getBoundingClientRect();
      return image.complete || bottom < 0 || top > innerHeight;
    });
  await page.waitForFunction(inSight);
  await sleep(600);
  const path = join(ROOT, 'docs/pictures', `${name}.png`);
  const { default: sharp } = await import('sharp');
  // Half the bytes: a page has few colours, and its photographs are small.
  await sharp(await page.screenshot())
    .png({ palette: true, effort: 10 })
    .toFile(path);
  say(`took ${path}`);
}

import { existsSync } from 'node:fs';
import path from 'node:path';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import { seed } from './library.ts';
import { atMost, note } from './report.ts';
import { startServer } from './server.ts';

const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Chooses many small files and looks for how long the page does nothing else: while they are queued, asked about,
 * hashed, stored and the first of them sent.
 */
export async function benchQueue(scratch: string, count: number): Promise<void> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? BROWSERS.find((file) => existsSync(file));
  if (executablePath === undefined) {
    process.stdout.write('queue      left out: no Chromium found; set CHROMIUM_PATH\n');
    return;
  }
  const dataDir = path.join(scratch, 'queue');
  await seed(dataDir, { slug: 'default', count: 1000 });
  const server = await startServer(dataDir, { BACKLOT_ROLES: 'server' });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const signedIn = await browser.newContext();
    const visit = await signedIn.newPage();
    await visit.goto(await server.signInLink());
    await visit.waitForURL(/\/library/);
    const cookies = await signedIn.cookies();
    for (const files of [10_000, count]) {
      const { longest, over, queuedAfter } = await choose(browser, { cookies, url: server.url, files });
      const section = 'queue';
      atMost({
        section,
        what: `${files} files chosen: longest task of the page`,
        value: longest,
        goal: 50,
        unit: 'ms',
      });
      note({ section, what: '… tasks over 50 ms', value: over, unit: 'tasks' });
      note({ section, what: '… all listed after', value: queuedAfter, unit: 'ms' });
    }
  } finally {
    await browser.close();
    await server.stop();
  }
}

interface Choice {
  readonly cookies: Awaited<ReturnType<Awaited<ReturnType<Browser['newContext']>>['cookies']>>;
  readonly url: URL;
  readonly files: number;
}
interface Seen {
  readonly longest: number;
  readonly over: number;
  readonly queuedAfter: number;
}

async function choose(browser: Browser, { cookies, url, files }: Choice): Promise<Seen> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addCookies(cookies);
  const page = await context.newPage();
  await page.goto(new URL('/library', url).href);
  await page.getByRole('button', { name: 'Upload', exact: true }).click();
  await page.getByRole('region', { name: 'Uploads' }).waitFor();
  const seen = await page.evaluate<Seen>(chooseIn(files));
  await context.close();
  return seen;
}

/** Runs in the page, so it is text: this program knows nothing of a page's names. */
const chooseIn = (files: number) => `(async () => {
  const mark = Math.random();
  const chosen = Array.from(
    { length: ${files} },
    (_, n) => new File([mark + ' ' + n], n + '.txt', { lastModified: 1 }),
  );
  const input = document.querySelector('[data-testid=upload-files]');
  // A real list of so many files can only be made by a person.
  Object.defineProperty(input, 'files', { value: chosen });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  const tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map(({ duration }) => duration)))
    .observe({ entryTypes: ['longtask'] });
  const began = performance.now();
  input.dispatchEvent(new Event('change', { bubbles: true }));
  const panel = () => document.querySelector('section[aria-label=Uploads]').textContent;
  const all = new RegExp('of ' + (${files}).toLocaleString('en') + ' files');
  while (!all.test(panel())) await new Promise((resolve) => setTimeout(resolve, 20));
  const queuedAfter = performance.now() - began;
  await new Promise((resolve) => setTimeout(resolve, 10_000));
  return { longest: Math.max(0, ...tasks), over: tasks.length, queuedAfter };
})()`;

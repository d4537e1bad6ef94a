import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { seed, seededFolder } from './library.ts';
import { memoryWhileScrolling, searchAsTyped } from './page-long.ts';
import { atMost, note, percentile } from './report.ts';
import { startServer } from './server.ts';

const SPEED = 12_000;
const SECONDS = 6;
const BROWSERS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/**
 * Scrolls the library at a steady speed and counts the time between frames; then jumps to the end and looks for the last
 * card. Seeded assets have no pictures, so this measures the grid, not the decoding of images.
 */
export async function benchPage(
  scratch: string,
  { count, minutes }: { count: number; minutes: number },
): Promise<void> {
  const executablePath = process.env['CHROMIUM_PATH'] ?? BROWSERS.find((file) => existsSync(file));
  if (executablePath === undefined) {
    process.stdout.write('page       left out: no Chromium found; set CHROMIUM_PATH\n');
    return;
  }
  const dataDir = seededFolder(scratch, count);
  await seed(dataDir, { slug: 'default', count });
  const server = await startServer(dataDir, { BACKLOT_ROLES: 'server' });
  const browser = await chromium.launch({
    executablePath,
    args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
  });
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } });
    await page.goto(await server.signInLink());
    const began = performance.now();
    await page.goto(new URL('/library', server.url).href);
    await page.locator('[role=option]').first().waitFor();
    note({
      section: 'page',
      what: `first cards of ${count} assets, from a cold page`,
      value: performance.now() - began,
      unit: 'ms',
    });
    const frames = await scroll(page);
    atMost({
      section: 'page',
      what: `scroll ${SPEED} px/s over ${count} assets, frame p95`,
      value: percentile(frames, 0.95),
      goal: 34,
      unit: 'ms',
    });
    note({ section: 'page', what: '… frames a second', value: frames.length / SECONDS, unit: 'fps' });
    const last = await reachEnd(page, count);
    atMost({
      section: 'page',
      what: `End: cards short of the last of ${count}`,
      value: count - last,
      goal: 0.5,
      unit: 'cards',
    });
    await page.keyboard.press('Home');
    await searchAsTyped(page, count);
    await memoryWhileScrolling(page, minutes);
  } finally {
    await browser.close();
    await server.stop();
  }
}

/** Runs in the page, so it is text: this program knows nothing of a page's names. */
const SCROLL = `new Promise((resolve) => {
  const room = (element) => element.scrollHeight - element.clientHeight;
  const grid = [...document.querySelectorAll('*')].sort((a, b) => room(b) - room(a))[0];
  const times = [];
  const start = performance.now();
  let before = start;
  const step = (now) => {
    times.push(now - before);
    grid.scrollTop += (${SPEED} * (now - before)) / 1000;
    before = now;
    if (now - start < ${SECONDS} * 1000) requestAnimationFrame(step);
    else resolve(times.slice(2));
  };
  requestAnimationFrame(step);
})`;

/** Milliseconds between frames while the grid's scroller moves. */
function scroll(page: Page): Promise<number[]> {
  return page.evaluate<number[]>(SCROLL);
}

/** Presses End and answers the highest position among the cards that are shown. */
async function reachEnd(page: Page, count: number): Promise<number> {
  await page.locator('[role=listbox]').first().focus();
  await page.keyboard.press('End');
  await page.locator(`[aria-posinset="${count}"]`).waitFor({ timeout: 15_000 });
  const places = await page
    .locator('[role=option]')
    .evaluateAll((cards) => cards.map((card) => Number(card.getAttribute('aria-posinset'))));
  return Math.max(...places);
}

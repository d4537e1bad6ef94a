import type { Page } from 'playwright-core';
import { atMost, note, percentile } from './report.ts';

/** Searches that differ from one another in what they find, so that each must repaint. */
const TYPED = ['harbor', 'teal', 'sunset', 'neon', 'aerial', 'winter', 'cobalt', 'crowd'];

/** Told in the page: when a key went down, and when other cards than before were painted after it. */
const WATCH_KEYS = `(() => {
  const shown = () => [...document.querySelectorAll('[role=option]')].map((card) => card.id + card.textContent).join();
  window.painted = [];
  let pressed = 0;
  let before = '';
  document.addEventListener('keydown', () => { before = shown(); pressed = performance.now(); }, true);
  const look = () => {
    if (pressed !== 0 && shown() !== before && document.querySelector('[role=option]') !== null) {
      window.painted.push(performance.now() - pressed);
      pressed = 0;
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
})()`;

/** Types letter by letter, as a person does, and measures from each key to the first frame with other cards. */
export async function searchAsTyped(page: Page, count: number): Promise<void> {
  await page.evaluate(WATCH_KEYS);
  const box = page.getByRole('searchbox').first();
  for (const word of TYPED) {
    await box.fill('');
    await page.waitForTimeout(700);
    for (const letter of word) {
      await box.press(letter);
      // The next key comes after the answer; a faster typist would only skip pictures.
      await page.waitForTimeout(400);
    }
  }
  const times = await page.evaluate<number[]>('window.painted');
  note({ section: 'page', what: 'keys that changed the cards', value: times.length, unit: 'keys' });
  atMost({
    section: 'page',
    what: `key to painted result at ${count} assets, p95`,
    value: percentile(times, 0.95),
    median: percentile(times, 0.5),
    goal: 150,
    unit: 'ms',
  });
  await box.fill('');
}

/** Scrolls up and down for so many minutes and compares the page's memory, rubbish collected, before and after. */
export async function memoryWhileScrolling(page: Page, minutes: number): Promise<void> {
  const line = await page.context().newCDPSession(page);
  const heap = async () => {
    await line.send('HeapProfiler.collectGarbage');
    return (await line.send('Runtime.getHeapUsage')).usedSize / 1e6;
  };
  await page.mouse.move(700, 500);
  const roam = async (milliseconds: number) => {
    const end = performance.now() + milliseconds;
    for (let turn = 0; performance.now() < end; turn += 1) {
      await page.mouse.wheel(0, turn % 400 < 300 ? 1400 : -1400);
      await page.waitForTimeout(16);
    }
  };
  // Caches fill first; what counts is whether they go on growing.
  await roam(30_000);
  const before = await heap();
  await roam(minutes * 60_000);
  const after = await heap();
  note({ section: 'page', what: 'heap before the long scroll', value: before, unit: 'MB' });
  atMost({
    section: 'page',
    what: `heap growth over ${minutes} minutes of scrolling`,
    value: Math.max(0, after - before),
    goal: 10,
    unit: 'MB',
  });
}

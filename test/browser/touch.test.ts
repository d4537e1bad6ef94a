import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Browser, BrowserContext, CDPSession, Locator, Page } from 'playwright-core';
import { launchBrowser, signedIn, startProgram, upload } from './support.ts';
import type { Program } from './support.ts';

/** Longer than any press that selects. */
const LONG_MS = 2000;
const SOON = { timeout: 30_000, interval: 50 };

let program: Program;
let browser: Browser;
let cookies: Awaited<ReturnType<BrowserContext['cookies']>>;
let page: Page;
let line: CDPSession;

beforeAll(async () => {
  [program, browser] = await Promise.all([startProgram(), launchBrowser()]);
  const first = await browser.newContext();
  await first.request.get(program.signInLink);
  cookies = await first.cookies();
  for (let n = 1; n <= 24; n += 1) {
    await upload(first, program.url, { name: `Take ${n}.txt`, body: Buffer.from(`take ${n}`) });
  }
  await first.close();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await program?.stop();
});
beforeEach(async () => {
  const context = await signedIn(browser, cookies, {
    viewport: { width: 390, height: 844 },
    hasTouch: true,
    isMobile: true,
  });
  page = await context.newPage();
  page.setDefaultTimeout(SOON.timeout);
  await page.clock.install();
  line = await context.newCDPSession(page);
  await page.goto(`${program.url}/library`);
  await card(1).waitFor();
});
afterEach(() => page.context().close());

const card = (n: number): Locator => page.getByRole('option').nth(n - 1);
const selected = () => page.locator('[role=option][aria-selected=true]').count();
async function middleOf(of: Locator): Promise<{ x: number; y: number }> {
  const box = await of.boundingBox();
  if (box === null) throw new Error('nothing there');
  return { x: box.x + box.width / 2, y: box.y + box.height / 3 };
}
const touch = (type: 'touchStart' | 'touchMove' | 'touchEnd', ...touchPoints: { x: number; y: number }[]) =>
  line.send('Input.dispatchTouchEvent', { type, touchPoints });

test('a finger that stays selects, taps then toggle, and no menu comes between', async () => {
  await touch('touchStart', await middleOf(card(1)));
  await expect.poll(selected, SOON).toBe(1);
  // What browsers of phones send during the same press.
  await card(1).dispatchEvent('contextmenu', { button: 0 });
  await touch('touchEnd');
  expect(await page.getByRole('menu').count()).toBe(0);
  expect(await selected()).toBe(1);
  await card(2).tap();
  await expect.poll(selected, SOON).toBe(2);
  await card(1).tap();
  await expect.poll(selected, SOON).toBe(1);
});

test('a tap opens; a finger that moves on or is joined by another selects nothing', async () => {
  const at = await middleOf(card(2));
  await touch('touchStart', at);
  await touch('touchMove', { x: at.x - 40, y: at.y });
  await page.clock.fastForward(LONG_MS);
  await touch('touchEnd');
  expect(await selected()).toBe(0);

  const other = await middleOf(card(1));
  await touch('touchStart', at);
  await touch('touchStart', at, other);
  await page.clock.fastForward(LONG_MS);
  await touch('touchEnd');
  expect(await selected()).toBe(0);

  await card(1).tap();
  await page.waitForURL(/asset=AST-/);
});

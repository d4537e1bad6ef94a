import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { makeFixtures } from '../../scripts/fixtures.js';
import { launchBrowser, signedIn, startProgram, upload, violations } from './support.ts';
import type { Program } from './support.ts';

let program: Program;
let browser: Browser;
let context: BrowserContext;
let page: Page;
let folder = '';

beforeAll(async () => {
  folder = await makeFixtures();
  program = await startProgram();
  browser = await launchBrowser();
  const first = await browser.newContext();
  const visit = await first.newPage();
  await visit.goto(program.signInLink);
  await visit.waitForURL(/\/library/);
  context = await signedIn(browser, await first.cookies(), { baseURL: program.url });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await program.stop();
});

it('sets any text in an uploaded font, at any size and weight', { timeout: 120_000 }, async () => {
  const body = readFileSync(join(folder, 'other/Inter.woff2'));
  const id = await upload(context, program.url, { name: 'Inter.woff2', body });
  const state = async () =>
    (await (await context.request.get(`/api/v1/brands/default/assets/${id}`)).json()).state;
  await expect.poll(state, { timeout: 60_000 }).toBe('ready');
  await page.goto(`/library?asset=${id}`);
  const specimen = page.getByRole('region', { name: 'Specimen of Inter' });
  await specimen.getByText('The quick brown fox').first().waitFor();
  await specimen.getByLabel('Own text').fill('Harbour & Söhne');
  const line = specimen.getByText('Harbour & Söhne', { exact: true }).first();
  await line.waitFor();
  // Scripts of the page are text here: the types of this folder know no document.
  const style = (name: string) =>
    page.evaluate(`getComputedStyle(document.querySelector('[aria-label^="Specimen"] p')).${name}`);
  const family = await style('fontFamily');
  expect(family).toContain(`specimen-${id}-1`);
  expect(await page.evaluate(`document.fonts.check(${JSON.stringify(`20px ${family}`)})`)).toBe(true);

  await specimen.getByLabel('Size').fill('90');
  expect(await style('fontSize')).toBe('90px');
  await specimen.getByLabel('Weight').fill('800');
  expect(await style('fontWeight')).toBe('800');
  expect(await violations(page)).toEqual([]);
});

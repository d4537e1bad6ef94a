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
  const cookies = await first.cookies();
  await first.close();
  context = await signedIn(browser, cookies, { baseURL: program.url });
  page = await context.newPage();
  page.setDefaultTimeout(60_000);
}, 120_000);
afterAll(async () => {
  await browser.close();
  await program.stop();
});

const put = (name: string, file: string) =>
  upload(context, program.url, { name, body: readFileSync(join(folder, file)) });
const understood = async (id: string) => {
  const read = async () => (await context.request.get(`/api/v1/brands/default/assets/${id}`)).json();
  await expect.poll(async () => (await read()).state, { timeout: 60_000 }).not.toBe('processing');
};

it(
  'shows the recipe of a picture and leads to the LoRA that it was made with',
  { timeout: 120_000 },
  async () => {
    const lora = await put('film_grain.safetensors', 'other/depth-control.safetensors');
    const id = await put('Lighthouse.png', 'recipes/a1111.png');
    await understood(id);
    await page.goto(`/library?asset=${id}`);
    const details = page.getByRole('complementary', { name: 'Asset details' });
    const prompt = details.getByRole('group', { name: 'Prompt', exact: true });
    await prompt.waitFor();
    expect(await prompt.textContent()).toContain('a lighthouse at dusk');
    expect(await details.getByText('18446744073709551615').count()).toBe(1);
    await details.getByRole('button', { name: 'Copy prompt' }).waitFor();
    expect(await violations(page)).toEqual([]);

    const [download] = await Promise.all([
      page.waitForEvent('download'),
      details.getByRole('link', { name: 'Download the recipe' }).click(),
    ]);
    expect(readFileSync(await download.path(), 'utf8')).toMatch(/^a lighthouse at dusk/);

    await details.getByRole('button', { name: 'film_grain' }).click();
    await page.waitForURL(new RegExp(`asset=${lora}`));
  },
);

it(
  'tells content credentials as a claim, and says nothing where there is none',
  { timeout: 120_000 },
  async () => {
    const id = await put('Claimed.png', 'recipes/chatgpt.png');
    const plain = await put('Plain.webp', 'image/lake.webp');
    await Promise.all([id, plain].map(understood));
    const details = page.getByRole('complementary', { name: 'Asset details' });
    await page.goto(`/library?asset=${id}`);
    await details
      .getByText('Carries content credentials (not verified). They say: made with AI by GPT-4o.')
      .waitFor();
    await page.goto(`/library?asset=${plain}`);
    await details.getByRole('button', { name: 'Facts' }).waitFor();
    expect(await details.getByRole('button', { name: 'Recipe' }).count()).toBe(0);
  },
);

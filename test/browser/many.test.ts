import { readFile } from 'node:fs/promises';
import { beforeEach, describe, expect, it } from 'vitest';
import { context, page, program, stage } from './stage.ts';
import { upload } from './support.ts';

describe('many at once', () => {
  let ids: string[];

  stage({
    async fill(first) {
      ids = [];
      for (const n of [1, 2, 3, 4]) {
        const file = {
          name: `Take ${n}.txt`,
          body: Buffer.from(`take ${n}`),
          query: n < 3 ? '&tags=dawn' : '',
        };
        ids.push(await upload(first, program.url, file));
      }
    },
  });
  beforeEach(async () => {
    await page.goto('/library?q=take');
    await page.getByRole('option', { name: 'Take 4' }).waitFor();
  });

  const card = (n: number) => page.getByRole('option', { name: `Take ${n}` });
  const bar = (count: number) => page.getByRole('toolbar', { name: `Actions for ${count} selected assets` });
  const read = async (n: number) =>
    (await context.request.get(`/api/v1/brands/default/assets/${ids[n - 1]}`)).json();
  const pickTwo = async () => {
    await card(1).click();
    await card(3).click({ modifiers: ['Control'] });
  };

  it('shows what all share and what is mixed, and changes all as one step', async () => {
    await pickTwo();
    const panel = page.getByRole('complementary', { name: 'Details of the selection' });
    await panel.getByText('2 assets selected').waitFor();
    await panel.getByRole('button', { name: /Status/ }).click();
    await page.getByRole('option', { name: 'Approved' }).click();
    await page.getByText('Status Approved: 2 assets changed.').waitFor();
    await panel.getByLabel('Product').fill('Sneaker');
    await panel.getByLabel('Campaign').click();
    await page.getByText('Product “Sneaker”: 2 assets changed.').waitFor();
    expect(await Promise.all([1, 2, 3].map(async (n) => (await read(n)).product))).toEqual([
      'Sneaker',
      '',
      'Sneaker',
    ]);
    await card(2).click({ modifiers: ['Control'] });
    await expect.poll(() => panel.getByLabel('Product').getAttribute('placeholder')).toBe('Mixed');
    await page.getByRole('button', { name: 'Undo', exact: true }).last().click();
    await expect.poll(async () => (await read(3)).product, { timeout: 30_000 }).toBe('');
  });

  it('has every act of the bar in the menu of a card, by pointer and by key', async () => {
    await pickTwo();
    await card(3).click({ button: 'right' });
    const menu = page.getByRole('menu', { name: 'Actions for 2 selected assets' });
    for (const name of ['Edit fields …', 'Tags …', 'Download as zip', 'Move to trash']) {
      await menu.getByRole('menuitem', { name }).waitFor();
    }
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    // A card outside the selection becomes it.
    await card(2).click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Open in full' }).click();
    await page.waitForURL(`**/library/${ids[1]}**`);
  });

  it('downloads the selection as one zip', async () => {
    await pickTwo();
    const coming = page.waitForEvent('download');
    await bar(2).getByRole('button', { name: 'Download' }).click();
    const download = await coming;
    expect(download.suggestedFilename()).toMatch(/^backlot-.*-2\.zip$/);
    const bytes = await readFile(await download.path());
    expect(bytes.includes('take 1') && bytes.includes('take 3') && !bytes.includes('take 2')).toBe(true);
  });

  it('edits everything that matches after an exact count', async () => {
    await card(1).click();
    await page.keyboard.press('Control+a');
    await bar(4).getByRole('button', { name: 'Edit …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Edit 4 assets' });
    await dialog.getByLabel('Campaign').fill('Spring');
    await dialog.getByLabel('Product').click();
    const question = page.getByRole('alertdialog');
    await question.getByText('4 assets', { exact: true }).waitFor();
    await question.getByRole('button', { name: 'Change all' }).click();
    await expect
      .poll(async () => (await Promise.all([1, 2, 3, 4].map(read))).map(({ campaign }) => campaign), {
        timeout: 30_000,
      })
      .toEqual(['Spring', 'Spring', 'Spring', 'Spring']);
  });

  it('names what could not be changed and tries just that again, from the bar and from the activity', async () => {
    const tags = Array.from({ length: 200 }, (_, i) => `tag ${i}`);
    const setTags = (list: readonly string[]) =>
      context.request.patch(`/api/v1/brands/default/assets/${ids[2]}`, {
        data: { tags: list },
        headers: { 'sec-fetch-site': 'same-origin' },
      });
    expect((await setTags(tags)).status()).toBe(200);
    await pickTwo();
    await bar(2).getByRole('button', { name: 'Tags …' }).click();
    const dialog = page.getByRole('dialog', { name: 'Tags of 2 assets' });
    await dialog.getByLabel('Add').fill('one more');
    await page.keyboard.press('Enter');
    await dialog.getByRole('button', { name: 'Change tags' }).click();
    const steps = page.getByRole('region', { name: 'Changes under way' });
    await steps.getByText('Done: 1 asset changed.').waitFor();
    await steps.getByRole('button', { name: '1 asset could not be changed' }).click();
    await steps.getByText(/more than 200 tags/).waitFor();
    expect(await steps.getByRole('link', { name: 'Take 3' }).getAttribute('href')).toContain(ids[2]);

    await page.goto('/activity');
    const entry = page.getByRole('listitem').filter({ hasText: 'Added tags one more' });
    await entry.getByRole('button', { name: '1 asset could not be changed' }).click();
    await entry.getByText(/more than 200 tags/).waitFor();
    expect((await setTags(tags.slice(1))).status()).toBe(200);
    await entry.getByRole('button', { name: 'Try again what failed: Added tags one more' }).click();
    await expect.poll(async () => (await read(3)).tags.at(-1), { timeout: 30_000 }).toBe('one more');
    await entry.getByRole('button', { name: /could not be changed/ }).waitFor({ state: 'detached' });
    await entry.getByText('2 assets').waitFor();
  });
});

import type { Page } from 'playwright-core';
import sharp from 'sharp';
import { expect, test } from 'vitest';
import { DROPPED_FILE } from './in-page.ts';
import { browser, context, cookies, program, stage } from './stage.ts';
import { signedIn, upload, violations, watch } from './support.ts';
import type { Watch } from './support.ts';

const NAMES = ['Alder', 'Birch', 'Cedar'];
const PATIENCE = { timeout: 30_000 };

stage({
  context: { permissions: ['clipboard-read', 'clipboard-write'] },
  async fill(first) {
    for (const [at, name] of NAMES.entries()) {
      const background = { r: 60 * at, g: 120, b: 90 };
      const body = await sharp({ create: { width: 320, height: 240, channels: 3, background } })
        .png()
        .toBuffer();
      await upload(first, program.url, { name: `${name}.png`, body });
    }
  },
});

async function open(path: string, where = context): Promise<{ page: Page; seen: Watch }> {
  const page = await where.newPage();
  page.setDefaultTimeout(PATIENCE.timeout);
  const seen = watch(page, program.url);
  await page.goto(program.url + path);
  return { page, seen };
}
const card = (page: Page, name: string) => page.getByRole('option', { name: new RegExp(name) });
const names = (page: Page) =>
  page.getByRole('option').evaluateAll((all) => all.map((one) => one.textContent?.slice(0, 5)).toSorted());
const api = async (
  method: string,
  path: string,
  data?: object,
): Promise<{ items: { id: string; name: string }[] }> => {
  const url = `${program.url}/api/v1/brands/default${path}`;
  const answer = await context.request.fetch(url, {
    method,
    headers: { origin: program.url },
    ...(data ? { data } : {}),
  });
  return answer.json();
};

test('33: a collection is made in place, takes dragged cards with one undo, and goes without its files', async () => {
  const { page, seen } = await open('/library');
  await card(page, 'Alder').waitFor();
  await page.getByRole('button', { name: 'New collection' }).click();
  await page.getByLabel('Name of the new collection').fill('Trees');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'This collection is empty' }).waitFor();
  await page.getByRole('main').getByRole('link', { name: 'Open the library' }).click();
  await card(page, 'Alder').click();
  await card(page, 'Birch').click({ modifiers: ['ControlOrMeta'] });
  const row = page.getByRole('navigation').getByRole('link', { name: /Trees/ });
  await card(page, 'Birch').dragTo(row);
  await page.getByText('2 assets added to “Trees”.').waitFor();
  await row.click();
  await expect.poll(() => names(page), PATIENCE).toEqual(['Alder', 'Birch']);
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await page.getByRole('heading', { name: 'This collection is empty' }).waitFor();

  const dragged = await page.evaluateHandle<object>(DROPPED_FILE);
  await expect
    .poll(async () => {
      await page.dispatchEvent('body', 'dragenter', { dataTransfer: dragged });
      return page.getByText('Drop to upload to “Trees” in Default').count();
    }, PATIENCE)
    .toBe(1);
  await page.dispatchEvent('body', 'drop', { dataTransfer: dragged });
  await card(page, 'dropped').waitFor();
  await page.getByRole('button', { name: 'Close uploads' }).click();

  await page.getByRole('button', { name: 'More for Trees' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByLabel('New name of Trees').fill('Wood');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Wood' }).waitFor();
  await page.getByRole('button', { name: 'More for Wood' }).click();
  await page.getByRole('menuitem', { name: 'Delete the collection' }).click();
  await page.getByText('Its files stay in the library.').waitFor();
  await expect.poll(() => names(page), PATIENCE).toEqual(['Alder', 'Birch', 'Cedar', 'dropp']);
  await page.getByRole('button', { name: 'Undo' }).last().click();
  await page.getByRole('navigation').getByRole('link', { name: /Wood/ }).waitFor();
  expect(seen).toEqual({ errors: [], outside: [] });
  await page.close();
});

test('33, 46: by keys alone a card goes into a collection that did not exist, and among the favourites', async () => {
  const { page } = await open('/library');
  await card(page, 'Alder').waitFor();
  await page.getByRole('listbox', { name: 'Assets' }).focus();
  await page.keyboard.press('Home');
  await page.keyboard.press('c');
  await page.getByLabel('Find or name a collection').fill('Keys only');
  await page.getByRole('option', { name: 'Make “Keys only”' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.keyboard.press('Enter');
  await page.getByText('1 asset added to “Keys only”.').waitFor();
  await page.keyboard.press('f');
  await page.getByText('Favourite', { exact: true }).waitFor({ state: 'attached' });
  await page.goto(`${program.url}/library?favourite=yes`);
  await expect.poll(async () => (await names(page)).length, PATIENCE).toBe(1);
  await page.close();
});

test('44: a link is made, opened by somebody without an account, walked by keys, and closed without losing its address', async () => {
  const { items: assets } = await api('GET', '/assets');
  await api('POST', '/collections', { name: 'For the client' });
  const { items } = await api('GET', '/collections');
  const id = items.find((one) => one.name === 'For the client')?.id ?? '';
  await api('POST', `/collections/${id}/members`, { select: { ids: assets.map((one) => one.id) } });
  const { page, seen } = await open(`/collections/${id}`);
  await page.getByRole('button', { name: 'Share For the client' }).click();
  await page.getByText('Ask for a password').click();
  await page.getByLabel('Password', { exact: true }).fill('open sesame');
  await page.getByRole('button', { name: 'Create and copy the link' }).click();
  const address = page.getByLabel('Address of the link');
  await address.waitFor();
  const url = await address.inputValue();
  expect(await violations(page)).toEqual([]);

  for (const options of [
    { viewport: { width: 390, height: 844 }, colorScheme: 'light' as const },
    { viewport: { width: 1440, height: 900 }, colorScheme: 'dark' as const },
  ]) {
    const outside = await browser.newContext(options);
    const guest = (await open(url.slice(program.url.length), outside)).page;
    await guest.getByRole('heading', { name: 'This link asks for a password' }).waitFor();
    expect(await violations(guest)).toEqual([]);
    await guest.getByLabel('Password').fill('open barley');
    await guest.keyboard.press('Enter');
    await guest.getByText('That is not the password.').waitFor();
    await guest.getByLabel('Password').fill('open sesame');
    await guest.keyboard.press('Enter');
    await guest.getByRole('heading', { name: 'For the client' }).waitFor();
    await expect.poll(() => guest.locator('.share-card').count(), PATIENCE).toBe(4);
    expect(await violations(guest)).toEqual([]);
    const first = guest.getByRole('button', { name: /^Open / }).first();
    await first.click();
    const dialog = guest.getByRole('dialog');
    const before = await dialog.getAttribute('aria-label');
    await guest.keyboard.press('ArrowRight');
    await expect.poll(() => dialog.getAttribute('aria-label'), PATIENCE).not.toBe(before);
    expect(await violations(guest)).toEqual([]);
    await guest.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await expect.poll(() => guest.evaluate('document.activeElement?.id'), PATIENCE).toMatch(/^shared-AST-/);
    expect(await guest.getByRole('navigation').count()).toBe(0);
    await outside.close();
  }
  await page.getByRole('dialog').getByText('On', { exact: true }).click();
  await page.getByText(/Turned off/).waitFor();
  const later = await browser.newContext();
  const { page: shut } = await open(url.slice(program.url.length), later);
  await shut.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
  expect(await shut.content()).not.toContain('For the client');
  await later.close();
  expect(await address.inputValue()).toBe(url);
  expect(seen).toEqual({ errors: [], outside: [] });
  await page.close();
});

test('49: on a phone the collections have a page of their own', async () => {
  const phone = await signedIn(browser, cookies, {
    viewport: { width: 390, height: 844 },
    colorScheme: 'light',
  });
  const { page, seen } = await open('/library', phone);
  await page.getByRole('navigation').getByRole('link', { name: 'Collections' }).click();
  await page.getByRole('heading', { name: 'Collections' }).waitFor();
  expect(await violations(page)).toEqual([]);
  await page.getByRole('button', { name: 'New' }).click();
  await page.getByRole('dialog').getByLabel('Name').fill('On the way');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'On the way' }).waitFor();
  expect(await violations(page)).toEqual([]);
  expect(seen).toEqual({ errors: [], outside: [] });
  await phone.close();
});

import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { context, page, program, put, read, stage } from './stage.ts';
import { violations } from './support.ts';

/** A logo on a white ground, as a JPEG always has one. */
const logo = sharp(
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="300" height="200"><rect width="100%" height="100%" fill="#fff"/>
    <circle cx="150" cy="100" r="60" fill="#c4161c"/></svg>`),
)
  .jpeg()
  .toBuffer();

describe('cards, details and commands', () => {
  stage();

  const details = () => page.getByRole('complementary', { name: 'Asset details' });
  const found = () => page.getByRole('listbox', { name: 'Found' });
  const palette = () => page.getByRole('combobox', { name: 'Go to or do' });

  it('marks a logo with a background, takes it away in one press and goes back in one', async () => {
    const id = await put('Crest.jpg', await logo, '&type=logo');
    await expect.poll(async () => (await read(id)).transparent, { timeout: 30_000 }).toBe(false);
    await page.goto('/library?q=crest');
    await page.getByRole('option').getByText('This logo has a background').waitFor({ state: 'attached' });
    await page.getByRole('option', { name: 'Crest' }).click();
    await details().getByRole('button', { name: 'Remove background' }).click();
    await expect.poll(async () => (await read(id)).transparent, { timeout: 30_000 }).toBe(true);
    await page.getByRole('button', { name: 'Go back', exact: true }).click();
    await expect.poll(async () => (await read(id)).version, { timeout: 30_000 }).toBe(1);
  });

  it('opens from the palette by name, tag and command, and lists its keys', async () => {
    const id = await put('Lighthouse keeper.txt', Buffer.from('words to read'), '&tags=northwind');
    await page.goto('/library');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('Control+k');
    await palette().fill('keeper');
    await found().getByRole('option', { name: 'Lighthouse keeper' }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/library/${id}**`);
    await details().getByText('words to read').waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL((url) => url.pathname === '/library');
    await page.keyboard.press('Control+k');
    await palette().fill('#north');
    await found().getByRole('option', { name: 'northwind' }).click();
    await page.waitForURL(/tag=northwind/);
    await page.keyboard.press('Control+k');
    await palette().fill('>shortcuts');
    await found().getByRole('option', { name: 'Show these shortcuts' }).waitFor();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog', { name: 'Shortcuts' }).getByText('Go to a date').waitFor();
  });

  it('completes a tag from those used before', async () => {
    const id = await put('Tagged.txt', Buffer.from('tag me'), '&tags=harbour');
    const other = await put('Other.txt', Buffer.from('tag me too'));
    await page.goto(`/library?asset=${other}`);
    const field = details().getByRole('combobox', { name: 'Tags' });
    await field.fill('harb');
    await details().getByRole('option', { name: 'harbour' }).waitFor();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await expect.poll(async () => (await read(other)).tags).toEqual(['harbour']);
    expect((await read(id)).tags).toEqual(['harbour']);
  });

  it('edits product, people and own fields, says who said what, and undoes one step of the history', async () => {
    const id = await put('Fields.txt', Buffer.from('fields'));
    await page.goto(`/library?asset=${id}`);
    await details().getByText('From the file name').first().waitFor();
    await details().getByLabel('Product', { exact: true }).fill('Sneaker');
    await details().getByLabel('Campaign').fill('Spring');
    await details().getByRole('button', { name: 'Add a field' }).click();
    await details().getByLabel('Name of the field').fill('Licence');
    await page.keyboard.press('Enter');
    await details().getByLabel('Licence', { exact: true }).fill('CC BY');
    await details().getByLabel('Name', { exact: true }).click();
    await expect
      .poll(() => read(id), { timeout: 30_000 })
      .toMatchObject({ product: 'Sneaker', campaign: 'Spring', custom: { Licence: 'CC BY' } });
    await details().getByRole('button', { name: 'History' }).click();
    const step = details().getByRole('listitem').filter({ hasText: 'empty → Spring' });
    await step.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(async () => (await read(id)).campaign, { timeout: 30_000 }).toBe('');
  });

  it('lists what was done and takes a step back', async () => {
    const id = await put('Activity.txt', Buffer.from('activity'));
    await context.request.delete(`/api/v1/brands/default/assets/${id}`, { headers: { origin: program.url } });
    await page.goto('/activity');
    await page.getByRole('button', { name: 'Undo: Moved to trash: Activity' }).click();
    await expect.poll(async () => (await read(id)).trashedAt, { timeout: 30_000 }).toBeNull();
    await expect.poll(() => violations(page)).toEqual([]);
  });

  it('goes to a date and by days with the keys', async () => {
    await page.goto('/library');
    await page.getByRole('option').first().waitFor();
    await page.keyboard.press('g');
    await page.getByLabel('Date of arrival').fill('2100-01-01');
    await page.getByRole('button', { name: 'Go there' }).click();
    await expect
      .poll(() => page.getByRole('listbox', { name: 'Assets' }).getAttribute('aria-activedescendant'))
      .toBe('card-0');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.keyboard.press('d');
    await page.getByText('There is no day after this one.').waitFor();
  });

  it('has no accessibility violations with menu, palette and dialogs open, on a phone as well', async () => {
    await page.goto('/library');
    await page.getByRole('option').first().click({ button: 'right' });
    await page.getByRole('menuitem', { name: 'Edit fields …' }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByRole('menuitem', { name: 'Edit fields …' }).click();
    await page.getByRole('dialog').getByLabel('Product').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.setViewportSize({ width: 390, height: 800 });
    await page.keyboard.press('Control+k');
    await palette().waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

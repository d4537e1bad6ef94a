import sharp from 'sharp';
import { expect, test } from 'vitest';
import { context, page, program, stage } from './stage.ts';
import { upload, violations } from './support.ts';

/** Numbers are those of the list of behaviours in the interface's specification. */
const soon = { timeout: 30_000, interval: 50 };

stage({
  async fill(first) {
    for (let i = 0; i < 9; i += 1) {
      const background = ['#c0392b', '#2255cc', '#2e8b57'][i % 3] ?? '';
      const picture = sharp({ create: { width: 60 + i, height: 60, channels: 3, background } });
      const said = [
        '&product=Sneaker&tags=hero&description=Where%20the%20lighthouse%20stands',
        '&product=Boot&tags=hero,night',
        '&campaign=Spring',
      ];
      const body = await picture.png().toBuffer();
      await upload(first, program.url, { name: `Shot_${i}.png`, body, query: said[i % 3] ?? '' });
    }
  },
});

async function open(path = '/library'): Promise<void> {
  await page.goto(program.url + path);
  await page.getByRole('option').first().waitFor();
}
const total = () => page.getByRole('toolbar', { name: 'Filters and order' }).getByRole('status').innerText();
const search = () => new URL(page.url()).searchParams;
const chips = () =>
  page.getByRole('list', { name: 'Filters that are on' }).getByRole('listitem').allInnerTexts();

test('13, 14, 16: labels are picked with their counts, stand as chips and in the address, and Back undoes one', async () => {
  await open();
  await page.getByRole('button', { name: 'Product', exact: true }).click();
  await page.getByRole('option', { name: /^Sneaker ?3$/ }).waitFor();
  await page.getByRole('option', { name: /^No product ?3$/ }).waitFor();
  await page.getByRole('option', { name: /^Boot ?3$/ }).click();
  await page.keyboard.press('Escape');
  await expect.poll(total, soon).toMatch(/^3 assets/);
  await page.getByRole('button', { name: 'Tags', exact: true }).click();
  // What the other filter left: all three boots carry both tags.
  await page.getByRole('option', { name: /^night ?3$/ }).click();
  await page.keyboard.press('Escape');
  await expect.poll(chips, soon).toEqual(['Boot', '#night']);
  await page.getByRole('button', { name: /^More/ }).click();
  await page.getByRole('option', { name: /^New ?3$/ }).click();
  await page.getByRole('textbox', { name: 'Width, px, from' }).fill('64');
  await page.keyboard.press('Enter');
  await expect.poll(total, soon).toMatch(/^2 assets/);
  await page.keyboard.press('Escape');
  expect(await violations(page)).toEqual([]);
  expect([...search()].join(' ')).toBe('tag,night status,ingested product,Boot minWidth,64');
  await page.goBack();
  await expect.poll(chips, soon).toEqual(['New', 'Boot', '#night']);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await expect.poll(total, soon).toMatch(/^9 assets/);
  expect(await page.getByRole('button', { name: 'Clear', exact: true }).count()).toBe(0);
});

test('17: a colour finds what is like it; groups by product say what belongs to none', async () => {
  // Colours are known once the pictures were read.
  await expect
    .poll(async () => {
      const answer = await context.request.get(
        `${program.url}/api/v1/brands/default/assets?colour=%232255cc&count=true`,
      );
      return ((await answer.json()) as { count: number }).count;
    }, soon)
    .toBe(3);
  await open('/library?colour=%232a5ad0&by=product');
  await page.getByRole('heading', { name: 'Boot' }).waitFor();
  await expect.poll(total, soon).toMatch(/^3 assets/);
  await expect.poll(chips, soon).toEqual(['Colour like #2a5ad0']);
  await page.getByRole('button', { name: 'Clear', exact: true }).click();
  await page.getByRole('heading', { name: 'No product' }).waitFor();
});

test('12: a result whose name does not say why it was found tells where the words stand', async () => {
  await open('/library?q=lighth');
  await page.getByText('Description: Where the lighthouse stands').first().waitFor();
  await expect.poll(total, soon).toMatch(/^3 assets/);
});

test('18: a search is saved, follows the library, tells when it was changed and is deleted with undo', async () => {
  await open('/library?tag=hero');
  await page.getByRole('button', { name: 'Save this search' }).click();
  await page.getByRole('textbox', { name: 'Name' }).fill('Heroes');
  await page.keyboard.press('Enter');
  const link = page.getByRole('link', { name: /^Heroes ?6$/ });
  await link.waitFor();
  await expect.poll(() => search().get('smart'), soon).not.toBeNull();
  const smart = search().get('smart') ?? '';
  await page.getByRole('button', { name: 'Product', exact: true }).click();
  await page.getByRole('option', { name: /^Boot ?3$/ }).click();
  await page.keyboard.press('Escape');
  await page.getByText('Heroes, changed').waitFor();
  await page.getByRole('button', { name: 'Back to saved' }).click();
  await expect.poll(total, soon).toMatch(/^6 assets/);
  await page.goBack();
  await page.getByRole('button', { name: 'Save changes' }).click();
  await page.getByRole('link', { name: /^Heroes ?3$/ }).waitFor();
  await page.goto(`${program.url}/smart/${smart}`);
  await page.waitForURL(/\/library\?/);
  expect(search().getAll('product')).toEqual(['Boot']);
  await page.getByRole('button', { name: 'Choices for Heroes' }).click();
  await page.getByRole('menuitem', { name: 'Delete saved search' }).click();
  await page.getByText('its assets stay').waitFor();
  await page.getByRole('button', { name: 'Undo' }).click();
  await page.getByRole('link', { name: /^Heroes ?3$/ }).waitFor();
  expect(await violations(page)).toEqual([]);
});

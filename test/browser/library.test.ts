import sharp from 'sharp';
import type { Locator } from 'playwright-core';
import { beforeEach, describe, expect, test } from 'vitest';
import { browser, context, cookies, page, program, stage } from './stage.ts';
import { signedIn, upload, violations } from './support.ts';

/** Numbers are those of the list of behaviours in the interface's specification. */

const TEXTS = 30;
const soon = { timeout: 30_000, interval: 50 };

async function picture(hue: number): Promise<Buffer> {
  const background = { r: (hue * 53) % 255, g: (hue * 97) % 255, b: 120 };
  return sharp({ create: { width: 320, height: 200, channels: 3, background } })
    .jpeg()
    .toBuffer();
}

stage({
  async fill(first, visit) {
    // 40, 41: the first sight is the library with its invitation.
    await visit.getByRole('heading', { name: /Nothing in/ }).waitFor();
    for (let at = 0; at < TEXTS; at += 1) {
      const body = Buffer.from(`scene ${at} `.repeat(5 + at));
      await upload(first, program.url, { name: `Script_${String(at).padStart(2, '0')}.txt`, body });
    }
    for (let at = 0; at < 6; at += 1) {
      const query = at === 0 ? '&type=logo&tags=sea' : '&tags=sea,evening';
      await upload(first, program.url, { name: `Harbour_${at}.jpg`, body: await picture(at), query });
    }
  },
});

async function open(path = '/library'): Promise<void> {
  await page.goto(program.url + path);
  await page.getByRole('option').first().waitFor();
}
const cards = (): Locator => page.getByRole('option');
const card = (name: string): Locator => page.getByRole('option', { name: new RegExp(`^${name}`) });
const selected = (): Locator => page.locator('[role=option][aria-selected=true]');
const total = (): Promise<string> =>
  page.getByRole('toolbar', { name: 'Filters and order' }).getByRole('status').innerText();
const address = (): URL => new URL(page.url());

describe('select and keys', () => {
  test('1: click shows, Ctrl-click toggles, Shift-click takes a range over groups', async () => {
    await open('/library?by=type');
    await card('Harbour 1').click();
    await page.getByRole('complementary', { name: 'Asset details' }).waitFor();
    expect(address().searchParams.get('asset')).toMatch(/^AST-/);
    expect(await selected().count()).toBe(1);
    await card('Harbour 2').click({ modifiers: ['Control'] });
    expect(await selected().count()).toBe(2);
    await card('Harbour 2').click({ modifiers: ['Control'] });
    expect(await selected().count()).toBe(1);
    const order = await cards().evaluateAll((all) => all.map((one) => one.getAttribute('aria-posinset')));
    expect(order).toEqual(order.map((_, at) => String(at + 1)));
    await cards().nth(0).click();
    await cards()
      .nth(4)
      .click({ modifiers: ['Shift'] });
    expect(await selected().count()).toBe(5);
  });

  test('3, 4: arrows keep the column, Shift extends, Ctrl+A takes all that match, Escape clears and then closes', async () => {
    await open();
    await cards().nth(1).click();
    await page.keyboard.press('ArrowDown');
    const list = page.getByRole('listbox', { name: 'Assets' });
    const columns = Number((await list.getAttribute('aria-activedescendant'))?.slice(5)) - 1;
    expect(columns).toBeGreaterThan(1);
    await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(() => selected().count(), soon).toBe(columns + 2);
    await page.keyboard.press('Control+a');
    await page.getByText('36 selected').waitFor();
    await page.keyboard.press('x');
    await page.getByText('35 selected').waitFor();
    await page.keyboard.press('Escape');
    expect(await selected().count()).toBe(0);
    expect(address().searchParams.get('asset')).not.toBeNull();
    await page.keyboard.press('Escape');
    await expect.poll(() => address().searchParams.get('asset'), soon).toBeNull();
    await page.keyboard.press('End');
    await expect.poll(() => list.getAttribute('aria-activedescendant'), soon).toBe('card-35');
    await page.keyboard.press('Home');
    await expect.poll(() => list.getAttribute('aria-activedescendant'), soon).toBe('card-0');
  });

  test('2: a drag on empty space selects what it touches', async () => {
    await open('/library?q=Harbour');
    await expect.poll(total, soon).toMatch(/^6 assets/);
    const last = await cards().last().boundingBox();
    if (last === null) throw new Error('no card');
    await page.mouse.move(last.x + last.width + 40, last.y + last.height + 60);
    await page.mouse.down();
    await page.mouse.move(last.x + last.width / 2, last.y + last.height / 2, { steps: 6 });
    await expect.poll(() => selected().count(), soon).toBe(1);
    await page.mouse.up();
    expect(await selected().count()).toBe(1);
  });

  test("7: a group's box has three states", async () => {
    await open('/library?by=type');
    const box = page.getByRole('checkbox', { name: 'Image' });
    await card('Harbour 3').click({ modifiers: ['Control'] });
    expect(await box.evaluate((input: { indeterminate?: boolean }) => input.indeterminate)).toBe(true);
    await box.click();
    await page.getByText('5 selected').waitFor();
    expect(await box.isChecked()).toBe(true);
    await box.click();
    expect(await selected().count()).toBe(0);
  });

  test('8, 9: Space previews and arrows walk on; Enter opens in full and closing restores the focus', async () => {
    await open('/library?q=Harbour');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Space');
    const preview = page.getByRole('region', { name: 'Preview' });
    await preview.getByText('Harbour 5').waitFor();
    await page.keyboard.press('ArrowRight');
    await preview.getByText('Harbour 4').waitFor();
    await page.keyboard.press('Space');
    await preview.waitFor({ state: 'detached' });
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/library\/AST-/);
    await page.getByRole('heading', { name: 'Harbour 4' }).waitFor();
    await page.keyboard.press('Escape');
    await page.waitForURL(/\/library\?q=Harbour$/);
    const focus = () => page.evaluate(`document.activeElement?.getAttribute('aria-activedescendant')`);
    await expect.poll(focus, soon).toBe('card-1');
  });

  test('9: a double click opens in full, although the first click moves the cards', async () => {
    await open();
    await cards().nth(4).dblclick();
    await page.waitForURL(/\/library\/AST-/);
    await page.goBack();
    await page.getByRole('complementary', { name: 'Asset details' }).waitFor();
    expect(address().pathname).toBe('/library');
  });

  test('10, 28, 46: digits rate, i shows the details, and the sheet lists the keys', async () => {
    await open('/library?q=Harbour');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('4');
    await page.getByText('Rated 4 of 5.').waitFor();
    await page.keyboard.press('0');
    await page.getByText('Rating cleared.').waitFor();
    const details = page.getByRole('complementary', { name: 'Asset details' });
    await page.keyboard.press('i');
    await details.waitFor();
    await page.keyboard.press('i');
    await details.waitFor({ state: 'detached' });
    await page.keyboard.press('?');
    const sheet = page.getByRole('dialog', { name: 'Shortcuts' });
    await sheet.getByText('Quick preview').waitFor();
    await page.keyboard.press('Escape');
    await sheet.waitFor({ state: 'detached' });
  });
});

describe('find', () => {
  test('12, 13, 15: a slash focuses the search; the count, the chip and Clear follow', async () => {
    await open();
    expect(await total()).toMatch(/^36 assets/);
    expect(await page.getByRole('button', { name: 'Clear', exact: true }).count()).toBe(0);
    await page.keyboard.press('/');
    await page.keyboard.type('arbou');
    await expect.poll(total, soon).toMatch(/^6 assets/);
    expect(address().searchParams.get('q')).toBe('arbou');
    await page.getByRole('button', { name: 'Clear', exact: true }).click();
    await expect.poll(total, soon).toMatch(/^36 assets/);
    expect(await page.getByRole('searchbox').inputValue()).toBe('');
  });

  test('14, 16: filters with counts live in the address; Back undoes one, a link restores all', async () => {
    await open();
    await page.getByRole('button', { name: 'Type', exact: true }).click();
    await page.getByRole('option', { name: /^Logo ?1$/ }).click();
    await page.keyboard.press('Escape');
    await expect.poll(total, soon).toMatch(/^1 asset /);
    await page.getByRole('button', { name: 'Source', exact: true }).click();
    await page.getByRole('option', { name: /^Uploaded ?1$/ }).click();
    await page.keyboard.press('Escape');
    await expect.poll(() => address().search, soon).toBe('?type=logo&source=uploaded');
    await page.reload();
    await expect.poll(total, soon).toMatch(/^1 asset /);
    await page.getByRole('button', { name: 'Remove the filter Logo' }).click();
    await expect.poll(() => address().search, soon).toBe('?source=uploaded');
    await page.goBack();
    await expect.poll(() => address().search, soon).toBe('?type=logo&source=uploaded');
    await page.goBack();
    await expect.poll(() => address().search, soon).toBe('?type=logo');
    await page.goBack();
    await expect.poll(total, soon).toMatch(/^36 assets/);
  });

  test('14: unknown words in the address are left out, and the other address stays', async () => {
    await open('/video_production/media-library?type=logo&type=nonsense&sort=sideways&utm_source=mail');
    await expect.poll(total, soon).toMatch(/^1 asset /);
    await cards().first().click();
    await expect.poll(() => address().pathname, soon).toBe('/video_production/media-library');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/video_production\/media-library\/AST-/);
  });

  test('15: groups and sizes come from the server', async () => {
    await open('/library?by=size');
    await page.getByRole('heading', { name: 'Under 100 kB' }).waitFor();
    await page
      .getByText(/36 assets ·/)
      .first()
      .waitFor();
  });

  test('40: an empty search names its filters and offers to drop each', async () => {
    await page.goto(`${program.url}/library?q=zzzz&type=font`);
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page.getByRole('button', { name: 'Without Font' }).click();
    await page.getByRole('button', { name: /Without .zzzz/ }).click();
    await expect.poll(total, soon).toMatch(/^36 assets/);
  });
});

describe('look, edit and trust', () => {
  test('21: the size of the cards changes round the card in the middle', async () => {
    await open();
    await page.getByRole('slider', { name: 'Size of the cards' }).fill('300');
    await page.getByRole('listbox').hover();
    await page.mouse.wheel(0, 900);
    await page.waitForTimeout(400);
    const box = await page.locator('.grid-box').boundingBox();
    if (box === null) throw new Error('no grid');
    const x = box.x + box.width / 2 - 40;
    const middle = (): Promise<string | null> =>
      page.evaluate(
        `document.elementFromPoint(${x}, ${box.y + box.height / 2})?.closest('[role=option]')?.getAttribute('aria-posinset')`,
      );
    const placeOf = async (position: string) =>
      (await page.locator(`[aria-posinset="${position}"]`).boundingBox())?.y ?? Number.NaN;
    const position = await middle();
    if (position === null) throw new Error('no card in the middle');
    const before = await placeOf(position);
    await page.getByRole('slider', { name: 'Size of the cards' }).fill('200');
    await page.waitForTimeout(200);
    expect(Math.abs((await placeOf(position)) - before)).toBeLessThan(box.height / 4);
  });

  test('30, 31: Delete moves to the trash at once, Undo brings back', async () => {
    await open('/library?q=Script_07');
    await expect.poll(total, soon).toMatch(/^1 asset /);
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Delete');
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await page
      .getByRole('region', { name: 'Trash' })
      .getByText(/^1 asset/)
      .waitFor();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(total, soon).toMatch(/^1 asset /);
  });

  test('38, 47: what others add and change appears without a reload', async () => {
    await page.goto(`${program.url}/library?q=Arrival`);
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    const other = await signedIn(browser, cookies);
    const id = await upload(other, program.url, { name: 'Arrival.jpg', body: await picture(77) });
    await card('Arrival').waitFor();
    await card('Arrival').locator('img').waitFor();
    const headers = { origin: program.url };
    const at = `${program.url}/api/v1/brands/default/assets/${id}`;
    await other.request.patch(at, { data: { name: 'Arrival renamed' }, headers });
    await card('Arrival renamed').waitFor();
    await other.request.delete(at, { headers });
    await page.getByRole('heading', { name: 'Nothing matches' }).waitFor();
    await other.close();
  });

  test('43: the bar shows used, limit and percent; a segment filters', async () => {
    await open();
    const storage = page.getByRole('region', { name: 'Storage' });
    expect(await storage.innerText()).toMatch(/kB of 100 GB(?!.*%)/s);
    await storage.getByRole('button', { name: /^Images/ }).click();
    await expect.poll(() => address().search, soon).toBe('?mediaType=image');
    await expect.poll(total, soon).toMatch(/^6 assets/);
  });

  test('50: a lost server is told and the page recovers by itself', async () => {
    await open();
    await context.setOffline(true);
    await page.keyboard.press('/');
    await page.keyboard.type('Harbour');
    await page.getByText('The server does not answer').waitFor();
    expect(await page.getByRole('searchbox').inputValue()).toBe('Harbour');
    await context.setOffline(false);
    await page.getByText('The server does not answer').waitFor({ state: 'detached' });
    await expect.poll(total, soon).toMatch(/^6 assets/);
    expect(await page.getByRole('searchbox').inputValue()).toBe('Harbour');
  });

  test('a part of the page that cannot be had takes nothing with it', async () => {
    const refused = page.waitForEvent('requestfailed', (request) => request.url().includes('filter-save'));
    await page.route('**/filter-save*', (route) => route.abort());
    await open('/library?q=Harbour');
    await refused;
    await expect.poll(total, soon).toMatch(/^6 assets/);
    await page.getByRole('searchbox').fill('Script_07');
    await expect.poll(total, soon).toMatch(/^1 asset /);
  });

  test('a brand is made from the name of the one that is open, and is empty', async () => {
    await open();
    await page.getByRole('button', { name: 'Brand: Default' }).click();
    await page.getByRole('menuitem', { name: 'New brand …' }).click();
    const dialog = page.getByRole('dialog', { name: 'New brand' });
    await dialog.getByLabel('Name', { exact: true }).fill('Café Zoë');
    expect(await dialog.getByLabel('Short name in addresses').inputValue()).toBe('cafe-zoe');
    expect(await violations(page)).toEqual([]);
    await dialog.getByRole('button', { name: 'Make the brand' }).click();
    await page.waitForURL(/brand=cafe-zoe/);
    await page.getByRole('button', { name: 'Brand: Café Zoë' }).waitFor();
    expect(await cards().count()).toBe(0);
    await page.getByRole('button', { name: 'Brand: Café Zoë' }).click();
    await page.getByRole('menuitem', { name: 'Default' }).click();
    await card('Harbour 1').waitFor();
  });

  test('42: a link to a foreign brand says so and shows nothing of it', async () => {
    await page.goto(`${program.url}/library?brand=secret-studio`);
    await page.getByRole('heading', { name: 'No access' }).waitFor();
    expect(await page.getByText('secret-studio').count()).toBe(0);
    await page.getByRole('link', { name: 'Open your library' }).click();
    await cards().first().waitFor();
  });

  test('signed out: the page says how to get a link', async () => {
    await context.clearCookies();
    await page.goto(`${program.url}/library`);
    await page.getByText('npx backlot sign-in').waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

describe('a million', () => {
  const COUNT = 1_000_000;
  beforeEach(async () => {
    await page.route('**/assets/groups?*', (route) =>
      route.fulfill({
        json: {
          by: 'none',
          count: COUNT,
          bytes: COUNT,
          groups: [{ key: 'all', count: COUNT, bytes: COUNT }],
        },
      }),
    );
    const { items } = (await (
      await context.request.get(`${program.url}/api/v1/brands/default/assets?limit=1`)
    ).json()) as { items: object[] };
    await page.route('**/brands/default/assets?*', (route) => {
      const query = new URL(route.request().url()).searchParams;
      const offset = Number(query.get('offset'));
      const length = Math.min(Number(query.get('limit')), COUNT - offset);
      const made = Array.from({ length }, (_, at) => ({
        ...items[0],
        id: `AST-${offset + at}`,
        name: `Card ${offset + at + 1}.`,
      }));
      return route.fulfill({ json: { items: made, next: null, count: null } });
    });
  });

  test('23: the last card is reached by key, by the rail and by the wheel, and the first again', async () => {
    await open('/library?sort=name');
    const last = page.getByRole('option', { name: /^Card 1000000\./ });
    const first = page.getByRole('option', { name: /^Card 1\./ });
    await page.keyboard.press('End');
    await last.waitFor();
    expect(await last.getAttribute('aria-setsize')).toBe('1000000');
    const view = await page.locator('.grid-box').boundingBox();
    const box = await last.boundingBox();
    if (view === null || box === null) throw new Error('the last card is not drawn');
    expect(box.y + box.height).toBeLessThanOrEqual(view.y + view.height);
    const rail = page.getByRole('slider', { name: 'Place in the list' });
    expect(await rail.getAttribute('aria-valuenow')).toBe('100');
    await rail.focus();
    await page.keyboard.press('Home');
    await first.waitFor();
    const { x, y, width, height } = (await rail.boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 };
    await page.mouse.move(x + width / 2, y + 20);
    await page.mouse.down();
    await page.mouse.move(x + width / 2, y + height / 2, { steps: 5 });
    await page.mouse.move(x + width / 2, y + height - 30, { steps: 5 });
    await page.mouse.up();
    await page.mouse.move(view.x + 300, view.y + 300);
    for (let turn = 0; turn < 400 && !(await last.isVisible()); turn += 1) await page.mouse.wheel(0, 1500);
    await last.waitFor();
    // The browser hands a turn of the wheel on with the next frame; one that came after the key would leave the top.
    await page.evaluate('new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))');
    await page.keyboard.press('Home');
    await first.waitFor();
  });

  test('a drawn view stays small and the selection of all is one query', async () => {
    await open();
    await page.mouse.move(700, 500);
    for (let turn = 0; turn < 20; turn += 1) await page.mouse.wheel(0, 800);
    await page.keyboard.press('Control+a');
    await page.getByText('1,000,000 selected').waitFor();
    expect(await cards().count()).toBeLessThan(80);
  });
});

describe('49: no violation of WCAG 2.2 AA', () => {
  for (const colorScheme of ['dark', 'light'] as const) {
    test(`${colorScheme}, on a desk`, async () => {
      await page.emulateMedia({ colorScheme });
      await open('/library?by=type');
      await card('Harbour 1').click();
      await card('Harbour 2').click({ modifiers: ['Control'] });
      await page.getByText('2 selected').waitFor();
      await page.getByRole('complementary', { name: 'Details of the selection' }).waitFor();
      expect(await violations(page)).toEqual([]);
      await page.goto(`${program.url}/settings`);
      await page.getByRole('heading', { name: 'What this server can do' }).waitFor();
      expect(await violations(page)).toEqual([]);
    });

    test(`${colorScheme}, on a phone`, async () => {
      await page.emulateMedia({ colorScheme });
      await page.setViewportSize({ width: 390, height: 844 });
      await open();
      const row = await cards().nth(1).boundingBox();
      expect(row?.x).toBeGreaterThan(190);
      expect(await page.evaluate('document.documentElement.scrollWidth - innerWidth')).toBe(0);
      expect(await violations(page)).toEqual([]);
      await page.getByRole('button', { name: 'Filters' }).click();
      await page.getByRole('dialog').waitFor();
      expect(await violations(page)).toEqual([]);
    });
  }
});

import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { folderChooser, pasteText } from './in-page.ts';
import { afterAll, describe, expect, it } from 'vitest';
import { page, stage } from './stage.ts';
import { violations } from './support.ts';

const svg = (mark: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"><title>${mark}</title></svg>`);
const file = (name: string, mark = name) => ({ name, mimeType: 'image/svg+xml', buffer: svg(mark) });

describe('bringing files in', () => {
  const outside = createServer((request, response) => {
    if (request.url !== '/press/acme-logo.svg') return void response.writeHead(404).end();
    response.writeHead(200, { 'content-type': 'image/svg+xml' }).end(svg('from elsewhere'));
  });
  let elsewhere: string;
  stage({
    settings: { BACKLOT_FETCH_ALLOW: '127.0.0.1' },
    async fill() {
      await new Promise<void>((done) => outside.listen(0, '127.0.0.1', done));
      elsewhere = `http://127.0.0.1:${(outside.address() as AddressInfo).port}`;
    },
  });
  afterAll(() => void outside.close());

  const panel = () => page.getByRole('region', { name: 'Uploads' });
  const saysTitle = (text: string | RegExp) => panel().getByRole('heading', { name: text }).waitFor();
  const pick = (...files: ReturnType<typeof file>[]) => page.getByTestId('upload-files').setInputFiles(files);
  const details = () => panel().getByRole('button', { name: /^Details/ });
  const assetOf = async (name: string) => {
    const answer = await page.request.get(`/api/v1/brands/default/assets?q=${encodeURIComponent(name)}`);
    const { items } = (await answer.json()) as { items: Record<string, unknown>[] };
    return items[0];
  };
  async function openPanel(): Promise<void> {
    await page.goto('/library');
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await panel().waitFor();
  }

  it('fetches a pasted address, and says why another one was refused', async () => {
    await page.goto('/library');
    await page.getByRole('button', { name: 'Upload', exact: true }).waitFor();
    // The page listens for pastes once its upload part has loaded.
    await expect
      .poll(
        async () => {
          await page.evaluate(pasteText(`${elsewhere}/press/acme-logo.svg\nhttp://169.254.169.254/latest`));
          return panel().count();
        },
        { timeout: 30_000 },
      )
      .toBe(1);
    await panel().getByText('169.254.169.254 leads to an internal address.').first().waitFor();
    await expect
      .poll(() => assetOf('acme-logo'), { timeout: 30_000 })
      .toMatchObject({ source: 'imported', type: 'logo' });
    await panel().getByRole('button', { name: 'Take off the list' }).click();
    await panel().getByRole('button', { name: 'Web address' }).click();
    await page.keyboard.type('no address');
    await page.keyboard.press('Enter');
    await panel().getByText('Write the whole address').waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('leaves a paste into a field alone', async () => {
    await openPanel();
    await page.getByLabel('Search the library').focus();
    const paste = (name: string) => pasteText(`${elsewhere}/${name}.svg`);
    await page.evaluate(paste('typed').replace('document.body', 'document.activeElement'));
    await page.evaluate(paste('meant'));
    await panel().getByText('1 file not uploaded.').waitFor();
    await panel().getByText('/meant.svg').first().waitFor();
    expect(await panel().getByText('/typed.svg').count()).toBe(0);
  });

  it('remembers for the next time what was said, and shows it before it is applied', async () => {
    await openPanel();
    await details().click();
    await panel().getByLabel('Product').fill('Aqua');
    await panel().getByLabel('Campaign').fill('Spring');
    await panel().getByLabel('Tags').fill('dawn');
    await page.keyboard.press('Enter');
    await page.reload();
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await details().getByText('Aqua · Spring · 1 tag').waitFor();
    await pick(file('hero.svg'));
    await saysTitle('1 file uploaded');
    await expect
      .poll(() => assetOf('hero'), { timeout: 30_000 })
      .toMatchObject({ product: 'Aqua', campaign: 'Spring', tags: ['dawn'] });
    await details().click();
    await panel().getByRole('button', { name: 'Start afresh' }).click();
    await details().getByText('type, hint, tags').waitFor();
  });

  it('shows the guessed type before the bytes travel, and takes another', async () => {
    await openPanel();
    await page.route(/\/uploads\?/, () => undefined);
    await pick(file('acme-logo-white.svg'));
    await panel().getByRole('button', { name: 'Describe acme-logo-white.svg' }).click();
    await panel()
      .getByRole('button', { name: /Logo \(guessed\)/ })
      .waitFor();
  });

  it('stands still without a connection, keeps the list, and goes on by itself', async () => {
    await openPanel();
    await page.context().setOffline(true);
    await pick(file('a.svg', 'offline a'), file('b.svg', 'offline b'));
    await panel().getByText('No connection to the server.').waitFor();
    await saysTitle(/^Waiting for the connection/);
    expect(await violations(page)).toEqual([]);
    await page.context().setOffline(false);
    await saysTitle('2 files uploaded');
    expect(await panel().getByText('No connection').count()).toBe(0);
  });

  it('keeps the list when the session has ended, and says what to do', async () => {
    await openPanel();
    const stored = await page.context().cookies();
    await page.context().clearCookies();
    await pick(file('late.svg', 'session'));
    await panel().getByText('You are signed out.').waitFor();
    await page.context().addCookies(stored);
    await panel().getByRole('button', { name: 'Go on' }).click();
    await saysTitle('1 file uploaded');
  });

  it('goes on after a reload without asking, from a folder that the browser can open again', async () => {
    await openPanel();
    await page.evaluate(folderChooser({ 'one.bin': 3000, 'two.bin': 5000, 'three.bin': 7000 }));
    // Nothing arrives before the reload.
    await page.route('**/uploads/check', () => undefined);
    await panel().getByRole('button', { name: 'Choose folder' }).click();
    await panel().getByText('0 of 3 files').waitFor();
    await panel().getByRole('button', { name: 'Pause all' }).click();
    await saysTitle(/^Paused/);
    await page.unroute('**/uploads/check');
    await expect.poll(() => page.evaluate(SAVED), { timeout: 30_000 }).toBe(3);
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    // The pause holds; the files are found again by themselves.
    await saysTitle(/^Paused/);
    await panel().getByRole('button', { name: 'Resume all' }).click();
    await saysTitle('3 files uploaded');
  });

  it('cancels all that is unfinished after a question', async () => {
    await openPanel();
    await page.route('**/uploads/check', () => undefined);
    await pick(file('x.svg'), file('y.svg'));
    await panel().getByRole('button', { name: 'Cancel all' }).click();
    const question = page.getByRole('alertdialog');
    await question.getByText('The files on your computer stay.').waitFor();
    await question.getByRole('button', { name: 'Cancel uploads' }).click();
    await saysTitle('Upload to Default');
  });
});

/** How many rows the browser has stored. */
const SAVED = `new Promise((resolve) => {
  indexedDB.open('backlot-uploads').onsuccess = ({ target }) => {
    const all = target.result.transaction('chunks').objectStore('chunks').getAll();
    all.onsuccess = () => {
      target.result.close();
      resolve(all.result.reduce((sum, { rows }) => sum + rows.length, 0));
    };
  };
})`;

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { DROPPED_FILE, PASTE_PICTURE, PICK_TEN_THOUSAND } from './in-page.ts';
import { describe, expect, it } from 'vitest';
import { page, stage } from './stage.ts';

const PIXEL = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

/** A one-pixel picture that differs in its last bytes, which every reader ignores. */
const picture = (mark: string) => Buffer.concat([PIXEL, Buffer.from(mark)]);
const png = (name: string, mark = name) => ({ name, mimeType: 'image/png', buffer: picture(mark) });

const SOON = { timeout: 30_000, interval: 100 };

describe('uploads', () => {
  stage();

  const panel = () => page.getByRole('region', { name: 'Uploads' });
  async function openPanel(): Promise<void> {
    await page.goto('/library');
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await panel().waitFor();
  }
  const pick = (...files: { name: string; mimeType: string; buffer: Buffer }[]) =>
    page.getByTestId('upload-files').setInputFiles(files);
  const saysTitle = (text: string) => panel().getByRole('heading', { name: text }).waitFor();
  const card = (name: string) => page.getByRole('option', { name });

  it('shows an asset the moment its upload is complete, and names an empty file that was left out', async () => {
    await openPanel();
    await pick(png('sun.png'), { name: 'empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) });
    await saysTitle('1 file uploaded');
    await card('sun').first().waitFor();
    await panel().getByText('Left out: 1 empty file (empty.png).').waitFor();
  });

  it('recognises a file that is held before its bytes travel, and keeps both when asked to', async () => {
    await openPanel();
    await pick(png('moon.png'));
    await saysTitle('1 file uploaded');
    let sent = 0;
    page.on('request', (request) => {
      if (request.method() === 'PUT') sent += 1;
    });
    await pick(png('moon-again.png', 'moon.png'));
    await panel().getByText('In the library as moon').waitFor();
    expect(sent).toBe(0);
    await panel().getByRole('button', { name: 'More choices for moon-again.png' }).click();
    await page.getByRole('menuitem', { name: 'Keep both' }).click();
    await saysTitle('2 files uploaded');
    expect(sent).toBe(1);
    await card('moon-again').first().waitFor();
  });

  it('sends what the form says with the bytes, and tells it to assets that are there already', async () => {
    await openPanel();
    await panel()
      .getByRole('button', { name: /^Details/ })
      .click();
    await panel().getByLabel('Tags').fill('dawn');
    await page.keyboard.press('Enter');
    await pick(png('described.png'));
    await saysTitle('1 file uploaded');
    await panel().getByLabel('Scene hint').fill('Closing shot');
    const saved = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
    await page.keyboard.press('Enter');
    await saved;
    const answer = await page.request.get('/api/v1/brands/default/assets?q=described');
    expect(await answer.json()).toMatchObject({ items: [{ tags: ['dawn'], sceneHint: 'Closing shot' }] });
  });

  it('reads folders with their paths', async () => {
    await openPanel();
    const folder = await mkdtemp(path.join(tmpdir(), 'backlot-shoot-'));
    await mkdir(path.join(folder, 'day one'));
    await writeFile(path.join(folder, 'day one', 'deep.png'), picture('deep'));
    await writeFile(path.join(folder, '.DS_Store'), 'litter');
    await page.getByTestId('upload-folder').setInputFiles(folder);
    await saysTitle('1 file uploaded');
    await panel()
      .getByRole('button', { name: /^Details/ })
      .click();
    const tagged = page.waitForResponse((answer) => answer.request().method() === 'PATCH');
    await panel().getByRole('button', { name: 'Use folder names as tags' }).click();
    expect(await (await tagged).json()).toMatchObject({
      tags: [path.basename(folder).toLowerCase(), 'day one'],
    });
    await rm(folder, { recursive: true });
  });

  it('goes on after a pause and after a reload from what the server has', async () => {
    await openPanel();
    const folder = await mkdtemp(path.join(tmpdir(), 'backlot-long-'));
    const file = path.join(folder, 'long.bin');
    await writeFile(file, Buffer.alloc(24 * 1024 * 1024, 7));
    const line = await page.context().newCDPSession(page);
    const speed = (bytes: number) =>
      line.send('Network.emulateNetworkConditions', {
        offline: false,
        latency: 0,
        downloadThroughput: -1,
        uploadThroughput: bytes,
      });
    await line.send('Network.enable');
    await speed(4 * 1024 * 1024);
    await page.getByTestId('upload-files').setInputFiles(file);
    await panel()
      .getByText(/^[3-9]\.\d+ MB of/)
      .first()
      .waitFor();
    await panel().getByRole('button', { name: 'Pause long.bin' }).click();
    await panel().getByText('Paused').waitFor();
    await panel().getByRole('button', { name: 'Resume long.bin' }).click();
    await panel()
      .getByText(/^1\d\.\d MB of/)
      .first()
      .waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();

    await panel().getByText('Choose this file again to go on').waitFor();
    const offsets: number[] = [];
    page.on('request', (request) => {
      if (request.method() === 'PATCH') offsets.push(Number(request.headers()['upload-offset']));
    });
    await page.getByTestId('upload-files').setInputFiles(file);
    await saysTitle('1 file uploaded');
    expect(offsets[0]).toBeGreaterThan(8 * 1024 * 1024);
    await rm(folder, { recursive: true });
  });

  it('asks after a reload for no file that has arrived', async () => {
    await openPanel();
    const all = 300;
    await pick(...Array.from({ length: all }, (_, n) => png(`reload-${n}.png`)));
    await panel()
      .getByRole('heading', { name: /^Uploading · [1-9]\d? %/ })
      .waitFor();
    page.once('dialog', (dialog) => void dialog.accept());
    await page.reload();
    const left = panel().getByText(/^\d+ files of an earlier visit are unfinished/);
    await left.waitFor();
    const arrived = async () => {
      const answer = await page.request.get('/api/v1/brands/default/assets/groups?by=none&q=reload-');
      return ((await answer.json()) as { count: number }).count;
    };
    const unfinished = Number.parseInt(await left.innerText(), 10);
    expect(unfinished).toBeGreaterThan(0);
    await expect.poll(arrived, SOON).toBe(all - unfinished);
  });

  it('says where dropped files will go, and takes pasted pictures', async () => {
    await page.goto('/library');
    await page.getByRole('button', { name: 'Upload', exact: true }).waitFor();
    const dragged = await page.evaluateHandle<object>(DROPPED_FILE);
    // The overlay is a part of the page that loads after the first picture.
    await expect
      .poll(async () => {
        await page.dispatchEvent('body', 'dragenter', { dataTransfer: dragged });
        return page.getByText('Drop to upload to Default').count();
      })
      .toBe(1);
    await page.dispatchEvent('body', 'drop', { dataTransfer: dragged });
    await saysTitle('1 file uploaded');
    await page.evaluate(PASTE_PICTURE);
    await saysTitle('2 files uploaded');
    await card('Pasted').first().waitFor();
  });

  it('lists 10,000 files, and draws only those in view', async () => {
    // The question stays open, so that only queueing and painting are measured.
    await page.route('**/uploads/check', () => undefined);
    await page.goto('/library');
    await page.getByRole('button', { name: 'Upload', exact: true }).click();
    await panel().waitFor();
    const longest = await page.evaluate<number>(PICK_TEN_THOUSAND);
    // A figure to read, not to judge by: other programs share the cores.
    await panel().getByText('0 of 10,000 files').waitFor();
    expect(await panel().getByRole('listitem').count()).toBeLessThan(30);
    process.stdout.write(`10,000 files: longest pause of the page ${Math.round(longest)} ms\n`);
  });
});

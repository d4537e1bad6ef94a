import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { makeFixtures } from '../../scripts/fixtures.js';
import { describe, expect, it } from 'vitest';
import { context, page, program, stage, understood } from './stage.ts';
import { upload, violations } from './support.ts';

describe('viewers', () => {
  let folder: string;

  stage({
    async fill() {
      folder = await makeFixtures();
    },
  });

  /** Uploads a sample and waits until the server has looked at it. */
  async function put(file: string): Promise<string> {
    const body = await readFile(path.join(folder, file));
    const id = await upload(context, program.url, { name: path.basename(file), body });
    await understood(id);
    return id;
  }

  describe('pages of a document', () => {
    const pages = () => page.getByRole('region', { name: /^Pages of/ });
    const field = () => page.getByLabel('Page number');

    it('are all there in full view, with their words, and follow keys and numbers', async () => {
      await page.goto(`/library/${await put('document/three-pages.pdf')}`);
      await pages().getByText('The Lighthouse').waitFor();
      await pages().focus();
      await page.keyboard.press('PageDown');
      await expect.poll(() => field().inputValue()).toBe('2');
      await field().fill('3');
      await field().press('Enter');
      await pages().locator('[data-page="3"] canvas').waitFor();
      await pages().focus();
      await page.keyboard.press('Home');
      await expect.poll(() => field().inputValue()).toBe('1');
      const wide = () => pages().getByRole('group', { name: 'Page 1' }).boundingBox();
      const before = (await wide())?.width ?? 0;
      await page.getByRole('button', { name: /^Larger/ }).click();
      await expect.poll(async () => (await wide())?.width ?? 0).toBeGreaterThan(before * 1.2);
      expect(await violations(page)).toEqual([]);
    });

    it('are fetched beside the library only when asked for', async () => {
      await page.goto(`/library?asset=${await put('document/three-pages.pdf')}`);
      const details = page.getByRole('complementary', { name: 'Asset details' });
      await details.getByRole('img', { name: /^First page of/ }).waitFor();
      expect(await pages().count()).toBe(0);
      await details.getByRole('button', { name: 'Read all 3 pages' }).click();
      await pages().getByText('The Lighthouse').waitFor();
    });

    it('say why there are none', async () => {
      await page.goto(`/library/${await put('document/encrypted.pdf')}`);
      await page
        .getByText(/password/)
        .first()
        .waitFor();
      expect(await pages().count()).toBe(0);
    });
  });

  it('says that a broken font cannot be shown', async () => {
    await page.goto(`/library/${await put('bad/truncated.woff2')}`);
    await page
      .getByText(/damaged|failed on this file|nothing to draw/)
      .first()
      .waitFor();
    expect(await page.getByRole('region', { name: /^Specimen of/ }).count()).toBe(0);
  });

  it('ends the sound of a card that leaves the page', async () => {
    const id = await put('audio/phrase.wav');
    await page.addInitScript(`{
      const Original = window.Audio;
      window.Audio = function (address) {
        const sound = new Original(address);
        sound.loop = true;
        return (window.sound = sound);
      };
    }`);
    const isSilent = () => page.evaluate('window.sound?.paused');
    await page.goto(`/library?q=${id}`);
    await page.getByRole('option').hover();
    await page.locator('.card-play').click();
    await expect.poll(isSilent).toBe(false);
    await page.getByRole('link', { name: 'Settings' }).click();
    await page.waitForURL(/settings/);
    await expect.poll(isSilent).toBe(true);
  });

  it('goes to a place of a sound by its waveform', async () => {
    await page.goto(`/library/${await put('audio/phrase.wav')}`);
    await page.getByRole('slider', { name: 'Place in the sound' }).fill('3');
    const at = () => page.evaluate(`document.querySelector('audio').currentTime`);
    await expect.poll(at).toBeGreaterThan(2);
  });

  it('goes to a place of a film by its strip, and shows what is there', async () => {
    await page.goto(`/library/${await put('video/walk.mp4')}`);
    const place = page.getByRole('slider', { name: 'Place in the film' });
    await place.waitFor();
    const box = await place.boundingBox();
    await page.mouse.move((box?.x ?? 0) + (box?.width ?? 0) / 2, (box?.y ?? 0) + 10);
    await page
      .getByText('0:03', { exact: true })
      .or(page.getByText('0:02', { exact: true }))
      .first()
      .waitFor();
    await place.fill('3');
    const at = () => page.evaluate(`document.querySelector('video').currentTime`);
    await expect.poll(at).toBeGreaterThan(2);
    expect(await violations(page)).toEqual([]);
  });

  it('shows a picture of the library before and after a colour table', async () => {
    await put('image/sunset-beach.jpg');
    await put('image/forest-path.jpg');
    await page.goto(`/library/${await put('other/warm.cube')}`);
    const region = page.getByRole('region', { name: /^Try warm/ });
    await region.getByRole('button', { name: 'sunset-beach' }).click();
    await region.getByRole('img', { name: 'sunset-beach with warm' }).waitFor();
    /** Average red less average blue of a canvas. */
    const warmth = (place: 'first' | 'last') =>
      (place === 'first' ? region.locator('canvas').first() : region.locator('canvas').last()).evaluate(
        (element) => {
          const canvas = element as unknown as {
            width: number;
            height: number;
            getContext(kind: '2d'): { getImageData(...box: number[]): { data: Uint8ClampedArray } };
          };
          const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
          return (
            data.reduce((sum, value, i) => sum + (i % 4 === 0 ? value : i % 4 === 2 ? -value : 0), 0) /
            (data.length / 4)
          );
        },
      );
    // The canvas above is the picture as it is, the one below it went through the table.
    expect((await warmth('first')) - (await warmth('last'))).toBeGreaterThan(3);
    const slider = region.getByRole('slider');
    await slider.fill('80');
    expect(await slider.getAttribute('aria-valuetext')).toBe('80 %');
    await region.getByLabel('Find a picture').fill('forest');
    const choices = region.getByRole('group', { name: 'Pictures' }).getByRole('button');
    await expect.poll(() => choices.count()).toBe(1);
    // What was chosen stays until another one is.
    await region.getByRole('img', { name: 'sunset-beach', exact: true }).waitFor();
    await choices.click();
    await region.getByRole('img', { name: 'forest-path', exact: true }).waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it('keeps the picture of a model until it is to be turned, and where it cannot be', async () => {
    await page.goto(`/library/${await put('other/triangle.glb')}`);
    await page.getByRole('button', { name: 'Turn it' }).click();
    // With 3D graphics the model is there, without it is said that there are none.
    await page
      .getByRole('button', { name: 'Turn left' })
      .or(page.getByText(/This browser cannot draw the model/))
      .waitFor();
    expect(await violations(page)).toEqual([]);
  });
});

import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { cutOut } from '../../src/media/background.ts';
import type { Raster } from '../../src/media/raster.ts';
import { startApp } from '../support/app.ts';
import type { TestApp } from '../support/app.ts';
import { assetOf, putRaw } from '../support/uploading.ts';

const SIDE = 240;

/** A ring and a bar with soft edges, as logos are exported. */
const logo = (ground: string) =>
  Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">
    ${ground === '' ? '' : `<rect width="100%" height="100%" fill="${ground}"/>`}
    <circle cx="120" cy="120" r="70" fill="#d8212a"/><rect x="90" y="110" width="60" height="20" fill="#103a8c"/></svg>`);

async function raster(input: Buffer): Promise<Raster> {
  const { data, info } = await sharp(input).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return { data, width: info.width, height: info.height };
}

/** Share of pixels whose alpha is off by more than a quarter from the same drawing without a ground. */
async function offBy(cut: Raster): Promise<number> {
  const wanted = await raster(await sharp(logo('')).png().toBuffer());
  let off = 0;
  for (let i = 3; i < cut.data.length; i += 4) {
    if (Math.abs((cut.data[i] ?? 0) - (wanted.data[i] ?? 0)) > 64) off += 1;
  }
  return off / (cut.width * cut.height);
}

const USUAL = { inside: false, tolerance: 30 };

describe('taking a background away', () => {
  it.each([
    { ground: '#ffffff', format: 'png' },
    { ground: '#ffffff', format: 'jpeg' },
    { ground: '#22cc66', format: 'jpeg' },
    { ground: '#000000', format: 'png' },
  ] as const)('cuts a logo out of $ground in a $format', async ({ ground, format }) => {
    const file = await sharp(logo(ground)).toFormat(format, { quality: 90 }).toBuffer();
    const made = cutOut(await raster(file), USUAL);
    expect(made.kind).toBe('cut');
    if (made.kind !== 'cut') return;
    expect(made.uniformity).toBeGreaterThan(0.99);
    expect(await offBy(made.raster)).toBeLessThan(0.006);
    // The edge carries no tint of the ground: where it is nearly clear the colour is still the ring's.
    const edge: number[] = [];
    for (let i = 0; i < made.raster.data.length; i += 4) {
      const alpha = made.raster.data[i + 3] ?? 0;
      if (alpha > 90 && alpha < 200) edge.push((made.raster.data[i] ?? 0) - (made.raster.data[i + 1] ?? 0));
    }
    expect(edge.length).toBeGreaterThan(20);
    expect(edge.filter((reds) => reds < 60).length / edge.length).toBeLessThan(0.1);
  });

  it('takes away what the drawing encloses only when that is wished', async () => {
    const ring = await sharp(
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${SIDE}" height="${SIDE}">
        <rect width="100%" height="100%" fill="#fff"/>
        <circle cx="120" cy="120" r="70" fill="none" stroke="#d8212a" stroke-width="24"/></svg>`),
    )
      .jpeg({ quality: 90 })
      .toBuffer();
    const middle = ({ data }: Raster) => data[(120 * SIDE + 120) * 4 + 3];
    const alphas = [false, true].map(async (inside) => {
      const made = cutOut(await raster(ring), { inside, tolerance: 30 });
      return made.kind === 'cut' ? middle(made.raster) : undefined;
    });
    expect(await Promise.all(alphas)).toEqual([255, 0]);
  });

  it('goes as far from the background as the tolerance says', async () => {
    const shade = await sharp(
      Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="80" height="80">
        <rect width="80" height="80" fill="#fff"/><rect x="10" y="10" width="60" height="60" fill="#e0e0e0"/>
        <rect x="30" y="30" width="20" height="20" fill="#103a8c"/></svg>`),
    )
      .png()
      .toBuffer();
    const cleared = [30, 80].map(async (tolerance) => {
      const made = cutOut(await raster(shade), { inside: false, tolerance });
      return made.kind === 'cut' && made.raster.data[(15 * 80 + 15) * 4 + 3] === 0;
    });
    expect(await Promise.all(cleared)).toEqual([false, true]);
  });

  it('leaves photos, clear and blank pictures alone', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const photo = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#000', noise } })
      .png()
      .toBuffer();
    const flat = await sharp({ create: { width: 9, height: 9, channels: 3, background: '#888' } })
      .png()
      .toBuffer();
    expect(cutOut(await raster(photo), USUAL).kind).toBe('mixed');
    expect(cutOut(await raster(flat), USUAL).kind).toBe('blank');
    expect(cutOut(await raster(await sharp(logo('')).png().toBuffer()), USUAL).kind).toBe('clear');
    const dot = { data: Uint8Array.of(1, 2, 3, 255), width: 1, height: 1 };
    expect(cutOut(dot, USUAL).kind).toBe('blank');
  });
});

describe('as a new version', () => {
  const b = 'default';
  let app: TestApp;
  beforeAll(async () => {
    app = await startApp({ worker: true });
  });
  afterAll(() => app.close());
  const statusOf = async (path: string | null) =>
    (await fetch(`${app.url}${path}`, { headers: { authorization: `Bearer ${app.key}` } })).status;
  const put = async (name: string, bytes: Buffer) =>
    assetOf(await putRaw(app, { bytes, name, fields: { type: 'logo' } }));

  it('keeps the original, says so in the history, and goes back in one step', async () => {
    const original = await sharp(logo('#ffffff')).jpeg().toBuffer();
    const id = await put('Mark.jpg', original);
    await expect
      .poll(async () => (await app.client.call('assets.get', { b, id })).transparent, {
        timeout: 20_000,
      })
      .toBe(false);
    const made = await app.client.call('assets.enhance', { b, id, operation: 'background' });
    // While the new version is looked at, the picture of the one before is there to be seen.
    const picture = await app.client.call('assets.get', { b, id });
    expect(await statusOf(picture.thumbnail)).toBe(200);
    expect(made).toMatchObject({
      version: 2,
      versionCount: 2,
      fileName: 'Mark-no-background.png',
      type: 'logo',
    });
    await expect
      .poll(async () => (await app.client.call('assets.get', { b, id })).transparent, {
        timeout: 20_000,
      })
      .toBe(true);
    const seen = await app.client.call('assets.get', { b, id });
    expect([seen.thumbnail, await statusOf(seen.thumbnail)]).toEqual([
      expect.stringContaining('version=2'),
      200,
    ]);
    const { items } = await app.client.call('assets.history', { b, id });
    expect(items[0]).toMatchObject({ kind: 'assets.enhance' });
    expect(JSON.stringify(items[0])).toContain('engine built in');
    const back = await app.client.call('versions.restore', { b, id, n: 1 });
    expect(back).toMatchObject({ version: 1, versionCount: 2, size: original.length });
    expect([back.thumbnail, await statusOf(back.thumbnail)]).toEqual([
      expect.stringContaining('version=1'),
      200,
    ]);
  });

  it('refuses what it cannot do, in words, and changes nothing', async () => {
    const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
    const photo = await sharp({ create: { width: 90, height: 60, channels: 3, background: '#000', noise } })
      .png()
      .toBuffer();
    const id = await put('photo.png', photo);
    await expect(app.client.call('assets.enhance', { b, id, operation: 'background' })).rejects.toMatchObject(
      {
        code: 'cannot_enhance',
        message: expect.stringContaining('not of one colour'),
      },
    );
    const text = await put('notes.txt', Buffer.from('words'));
    await expect(
      app.client.call('assets.enhance', { b, id: text, operation: 'background' }),
    ).rejects.toMatchObject({ code: 'cannot_enhance' });
    const broken = await put('broken.png', photo.subarray(0, 300));
    await expect(
      app.client.call('assets.enhance', { b, id: broken, operation: 'background' }),
    ).rejects.toMatchObject({ code: 'cannot_enhance' });
    expect((await app.client.call('assets.get', { b, id })).versionCount).toBe(1);
    expect((await app.client.call('storage.get', {})).usedBytes).toBeGreaterThan(0);
  });
});

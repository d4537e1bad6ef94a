import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { look, samples } from './samples.ts';
import { hasFfmpeg } from './support.ts';

samples();

describe('what a camera or a person wrote into a picture', () => {
  it('is told as facts and can be searched', async () => {
    const found = await look('image/with-metadata.jpg');
    expect(found.facts).toMatchObject({ title: 'Harbour at noon', width: 900 });
    expect(found.facts.more).toMatchObject({
      camera: 'Keeper K1',
      lens: 'Harbour 35mm F2',
      exposure: '1/250 s',
      aperture: 'f/5.6',
      iso: 200,
      taken: '2025-06-01 12:30:05',
      caption: 'Two boats leave the harbour & pass the lighthouse.',
      keywords: 'lighthouse, fishing boat',
      creator: 'Ada Keeper',
      copyright: 'The Keepers',
      place: 'Lisbon, Portugal',
      latitude: 38.708333,
      longitude: -9.133333,
    });
    for (const word of ['fishing boat', 'Lisbon', 'Ada Keeper']) expect(found.text).toContain(word);
  });

  it('stays out of every picture made from it', async () => {
    const found = await look('image/with-metadata.jpg');
    for (const { path } of found.renditions) {
      const { exif, xmp, iptc } = await sharp(path).metadata();
      expect([exif, xmp, iptc]).toEqual([undefined, undefined, undefined]);
    }
  });

  it('is not invented where there is none', async () => {
    const found = await look('image/sunset-beach.jpg');
    expect(found.text).toBeUndefined();
    expect(found.facts.more).toEqual({ bitsPerSample: 8, channels: 3, density: 72 });
  });
});

describe.skipIf(!hasFfmpeg)('pictures that ffmpeg draws', () => {
  it.each(['studio.psd', 'small.exr', 'small.jp2', 'small.tga', 'small.ico'])('%s', async (name) => {
    const found = await look(`image/${name}`);
    expect(found).toMatchObject({ state: 'ready' });
    const ground = name === 'studio.psd' ? 'red' : 'brown';
    expect(found.palette?.map((swatch) => swatch.name)).toContain(ground);
    expect(found.renditions[0]?.tool).toBe('ffmpeg');
  });

  it('draws the light of an EXR as bright as a screen would', async () => {
    const [linear, plain] = await Promise.all(
      ['small.exr', 'small.tga'].map(async (name) => {
        const found = await look(`image/${name}`);
        return (await sharp(found.renditions[0]?.path).greyscale().stats()).channels[0]?.mean ?? 0;
      }),
    );
    expect(linear).toBeGreaterThan((plain ?? 0) + 20);
  });
});

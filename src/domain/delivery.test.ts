import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  FITS,
  PICTURE_FORMATS,
  PICTURE_SIDE_MAX,
  frameOf,
  isOffered,
  parseSizes,
  parseSpec,
  specOf,
  specText,
} from './delivery.ts';

const side = fc.integer({ min: 1, max: 12_000 });
const asked = fc.option(fc.integer({ min: 1, max: PICTURE_SIDE_MAX }), { nil: undefined });
const wish = fc.record({
  w: asked,
  h: asked,
  fit: fc.constantFrom(...FITS),
  format: fc.constantFrom(...PICTURE_FORMATS),
  quality: fc.option(fc.integer({ min: 1, max: 100 }), { nil: undefined }),
});

describe('a wish for a picture', () => {
  it('has one spelling, which reads back as the same', () => {
    fc.assert(
      fc.property(wish, (one) => {
        const spec = specOf(one);
        expect(parseSpec(specText(spec))).toEqual(spec);
      }),
    );
  });

  it.each(['', '640', '640x0-inside-q80.gif', '640x0-inside-q80.webp ', '../640x0-inside-q80.webp'])(
    'is not read from %j',
    (text) => expect(parseSpec(text)).toBeNull(),
  );

  it('is drawn within what was asked, in its proportions, never larger than it is', () => {
    fc.assert(
      fc.property(side, side, wish, (width, height, one) => {
        const spec = specOf(one);
        const { side: drawn, crop, canvas } = frameOf({ width, height, vector: false }, spec);
        expect(drawn).toBeGreaterThanOrEqual(1);
        expect(drawn).toBeLessThanOrEqual(Math.max(width, height));
        if (crop === null) {
          const scale = drawn / Math.max(width, height);
          expect(width * scale).toBeLessThan((spec.width ?? Infinity) + 0.51 * Math.max(1, width / height));
          expect(height * scale).toBeLessThan((spec.height ?? Infinity) + 0.51 * Math.max(1, height / width));
        } else {
          expect(crop.width).toBeLessThanOrEqual(spec.width ?? 0);
          expect(crop.height).toBeLessThanOrEqual(spec.height ?? 0);
          expect(crop.width).toBeLessThanOrEqual(Math.max(1, width));
          expect(crop.height).toBeLessThanOrEqual(Math.max(1, height));
        }
        if (canvas !== null) expect([canvas.width, canvas.height]).toEqual([spec.width, spec.height]);
      }),
    );
  });

  it('for a width alone is met exactly when the picture is wide enough', () => {
    fc.assert(
      fc.property(side, side, fc.integer({ min: 1, max: 2000 }), (width, height, w) => {
        fc.pre(width >= w && (height / width) * w <= PICTURE_SIDE_MAX);
        const { side: drawn } = frameOf({ width, height, vector: false }, specOf({ w }));
        const longest = Math.max(width, height);
        expect(Math.round((width * drawn) / longest)).toBe(w);
      }),
    );
  });
});

describe('the table of sizes', () => {
  it('reads widths and boxes', () => {
    expect(parseSizes('640, 400x300:cover,200x200')).toEqual([
      { width: 640, height: null, fit: 'inside' },
      { width: 400, height: 300, fit: 'cover' },
      { width: 200, height: 200, fit: 'inside' },
    ]);
  });

  it.each(['', '0', '5000', '640x0', '640:cover', '640x480:fill', 'wide', '640,,320'])('refuses %j', (text) =>
    expect(parseSizes(text)).toBeNull(),
  );

  it('offers its sizes in three formats at the usual quality, and nothing else', () => {
    const sizes = parseSizes('640,400x400:cover') ?? [];
    const offered = (one: Parameters<typeof specOf>[0]) => isOffered(specOf(one), sizes);
    expect(offered({ w: 640 })).toBe(true);
    expect(offered({ w: 640, format: 'avif' })).toBe(true);
    expect(offered({ w: 640, fit: 'cover' })).toBe(true);
    expect(offered({ w: 400, h: 400, fit: 'cover', format: 'jpeg' })).toBe(true);
    expect(offered({ w: 641 })).toBe(false);
    expect(offered({ w: 640, h: 1 })).toBe(false);
    expect(offered({ w: 400, h: 400 })).toBe(false);
    expect(offered({ w: 640, quality: 81 })).toBe(false);
    expect(offered({ w: 640, format: 'png' })).toBe(false);
    expect(offered({})).toBe(false);
  });
});

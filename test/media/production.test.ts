import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import type { Description } from '../../src/media/contract.ts';
import { applyLut } from '../../src/media/lut-apply.ts';
import { readCorrection, readCube, readThreeDl } from '../../src/media/lut-read.ts';
import { applyTable } from '../../web/viewers/lut-apply.ts';
import { decoder, folder, look, samples } from './samples.ts';
import { describeFile, detectFile, newScratch } from './support.ts';

samples();

/** Average of one channel over the left or the right half of a rendition. */
async function half(found: Description, side: 'left' | 'right'): Promise<readonly number[]> {
  const path = found.renditions.find(({ name }) => name === 'thumbnail')?.path ?? '';
  const { width, height } = await sharp(path).metadata();
  const wide = Math.floor(width / 2) - 4;
  const left = side === 'left' ? 0 : width - wide;
  const { channels } = await sharp(
    await sharp(path).extract({ left, top: 0, width: wide, height }).toBuffer(),
  ).stats();
  return channels.map(({ mean }) => mean);
}

describe('numbers that no file means', () => {
  it('are left out, and the rest is told', async () => {
    const tensors = Array.from({ length: 200 }, (_, n) => [
      `lora_unet_${n}.lora_down.weight`,
      { dtype: 'F16', shape: [1_000_000, 1_000_000, 10], data_offsets: [0, 2] },
    ]);
    const header = Buffer.from(JSON.stringify(Object.fromEntries(tensors)));
    const length = Buffer.alloc(8);
    length.writeBigUInt64LE(BigInt(header.length));
    const weights = Buffer.concat([length, header, Buffer.alloc(2)]);
    const look =
      '<ColorCorrection><SOPNode><Slope>1 1 1</Slope></SOPNode><SatNode><Saturation>1e300</Saturation></SatNode></ColorCorrection>';
    const scratch = await newScratch();
    const told = async (name: string, bytes: Buffer | string) => {
      writeFileSync(join(scratch, name), bytes);
      return describeFile(decoder, join(scratch, name));
    };
    const lora = await told('lying.safetensors', weights);
    expect(lora).toMatchObject({ state: 'ready_no_preview', facts: { more: { tensors: 200 } } });
    expect(lora.facts.more).not.toHaveProperty('parameters');
    expect(await told('bright.cdl', look)).toMatchObject({
      state: 'ready',
      facts: { more: { slope: '1, 1, 1' } },
    });
  });
});

describe('fonts', () => {
  it.each(['other/blocks.ttf', 'other/blocks.woff'])(
    '%s tells its names, weight and licence',
    async (name) => {
      const found = await look(name);
      expect(found).toMatchObject({
        state: 'ready',
        suggestedType: 'font',
        facts: { title: 'Backlot Blocks Bold' },
      });
      expect(found.facts.more).toMatchObject({
        family: 'Backlot Blocks',
        weight: 'Bold (700)',
        glyphs: 13,
        embedding: 'Preview and print embedding',
        licence: 'Free for every use',
      });
      expect(found.text).toContain('The Keepers');
    },
  );

  it('lists the axes of a variable font', async () => {
    const found = await look('other/Inter.woff2');
    expect(found.facts.more).toMatchObject({ family: 'Inter', axes: 'wght 100–900' });
    expect(found.renditions.map(({ name }) => name)).toEqual(['thumbnail', 'preview']);
  });

  it('draws dark letters on light paper', async () => {
    const found = await look('other/blocks.ttf');
    const { data, info } = await sharp(found.renditions[0]?.path)
      .greyscale()
      .raw()
      .toBuffer({ resolveWithObject: true });
    const dark = data.filter((value) => value < 60).length / (info.width * info.height);
    expect(dark).toBeGreaterThan(0.02);
    expect(data.filter((value) => value > 200).length / data.length).toBeGreaterThan(0.6);
  });

  it('ends every damaged font with a reason, however its bytes are bent', async () => {
    const intact = readFileSync(join(folder, 'other/blocks.ttf'));
    const scratch = await newScratch();
    const numbers = fc.array(fc.tuple(fc.nat(intact.length - 1), fc.nat(255)), {
      minLength: 1,
      maxLength: 40,
    });
    await fc.assert(
      fc.asyncProperty(numbers, async (bent) => {
        const bytes = Buffer.from(intact);
        for (const [at, value] of bent) bytes[at] = value;
        const path = join(scratch, 'bent.ttf');
        writeFileSync(path, bytes);
        const found = await describeFile(decoder, path);
        expect(['ready', 'ready_no_preview', 'failed']).toContain(found.state);
        expect(found.reason).not.toBe('decoder_crashed');
      }),
      { numRuns: 12 },
    );
  }, 60_000);
});

describe('colour tables', () => {
  it('shows a warm look warmer on its right half', async () => {
    const found = await look('other/warm.cube');
    expect(found).toMatchObject({ state: 'ready', suggestedType: 'lut', facts: { title: 'Warm print' } });
    expect(found.facts.more).toMatchObject({ table: '3D, 9 × 9 × 9' });
    const before = await half(await look('other/identity.3dl'), 'right');
    const after = await half(found, 'right');
    expect((after[0] ?? 0) - (after[2] ?? 0)).toBeGreaterThan((before[0] ?? 0) - (before[2] ?? 0) + 15);
    const [left, same] = [await half(found, 'left'), await half(await look('other/identity.3dl'), 'left')];
    for (const [i, value] of left.entries()) expect(value).toBeCloseTo(same[i] ?? 0, 0);
  });

  it('names what it read of curves and corrections', async () => {
    expect((await look('other/contrast.cube')).facts.more).toMatchObject({ table: '1D, 5 samples' });
    expect((await look('other/dusk.cdl')).facts).toMatchObject({ title: 'Dusk', more: { saturation: 0.6 } });
  });

  const grey = { data: Uint8Array.from([0, 64, 128, 255, 255, 128, 7, 9]), width: 2, height: 1 };

  it('leaves colours alone that an identity table holds, in any order of its rows', () => {
    const rows = (order: (r: number, g: number, b: number) => string): string => {
      const lines = [];
      for (let i = 0; i < 27; i += 1) lines.push(order(i % 3, Math.floor(i / 3) % 3, Math.floor(i / 9)));
      return lines.join('\n');
    };
    const cube = readCube(`LUT_3D_SIZE 3\n${rows((r, g, b) => `${r / 2} ${g / 2} ${b / 2}`)}`);
    const threeDl = readThreeDl(
      `0 511 1023\n${rows((b, g, r) => `${(r * 2047.5) | 0} ${(g * 2047.5) | 0} ${(b * 2047.5) | 0}`)}`,
    );
    for (const lut of [cube, threeDl]) {
      expect(lut).not.toBeNull();
      const out = lut === null ? grey : applyLut(lut, grey);
      for (const [i, value] of out.data.entries())
        expect(Math.abs(value - (grey.data[i] ?? 0))).toBeLessThanOrEqual(1);
    }
  });

  it('applies slope, offset, power and saturation', () => {
    const lut = readCorrection(
      '<ColorCorrection><SOPNode><Slope>2 1 1</Slope><Offset>0 0.5 0</Offset><Power>1 1 2</Power></SOPNode></ColorCorrection>',
    );
    const out = lut === null ? grey : applyLut(lut, grey);
    expect([...out.data]).toEqual([0, 192, 64, 255, 255, 255, 0, 9]);
  });

  it.each([
    ['too few rows', 'LUT_3D_SIZE 2\n0 0 0\n1 1 1\n'],
    ['too many rows', `LUT_1D_SIZE 2\n${'0 0 0\n'.repeat(3)}`],
    ['a size beyond all reason', 'LUT_3D_SIZE 99999\n0 0 0\n'],
    ['words for numbers', 'LUT_1D_SIZE 2\n0 0 0\n1 x 1\n'],
    ['no table', 'LUT_3D_SIZE 2\n'],
  ])('refuses a table with %s', (_, text) => {
    expect(readCube(text)).toBeNull();
  });

  it('gives finite colours for every table it accepts', () => {
    const number = fc.double({ min: -1e30, max: 1e30, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(number, number, number), { minLength: 8, maxLength: 8 }),
        number,
        (rows, low) => {
          const text = `DOMAIN_MIN ${low} 0 0\nLUT_3D_SIZE 2\n${rows.map((row) => row.join(' ')).join('\n')}`;
          const lut = readCube(text);
          const out = lut === null ? grey : applyLut(lut, grey);
          expect(out.data.length).toBe(grey.data.length);
        },
      ),
    );
  });
});

describe('a colour table as a picture', () => {
  it.each(['warm.cube', 'dusk.cdl', 'identity.3dl'])(
    'applied in the browser, %s gives what the server draws',
    async (name) => {
      const found = await look(`other/${name}`);
      const { path = '' } = found.renditions.find((one) => one.name === 'table') ?? {};
      const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      const text = readFileSync(join(folder, 'other', name), 'latin1');
      const read = name.endsWith('cube') ? readCube : name.endsWith('cdl') ? readCorrection : readThreeDl;
      const lut = read(text);
      const colours = Uint8Array.from({ length: 4000 * 4 }, (_, i) => (i % 4 === 3 ? 255 : (i * 7919) % 256));
      const raster = { data: colours, width: 4000, height: 1 };
      const wanted = lut === null ? raster : applyLut(lut, raster);
      const pixels = Uint8ClampedArray.from(colours);
      const table = { data: new Uint8ClampedArray(data), width: info.width, height: info.height };
      expect(applyTable(pixels, table)).toBe(true);
      const off = pixels.map((value, i) => Math.abs(value - (wanted.data[i] ?? 0)));
      // Straight lines between 52 samples differ from a curve by less than an eye sees.
      expect(Math.max(...off)).toBeLessThanOrEqual(4);
      expect(off.reduce((sum, one) => sum + one, 0) / off.length).toBeLessThan(0.6);
    },
  );

  it('is told from other pictures', () => {
    const picture = { data: new Uint8ClampedArray(4 * 600), width: 30, height: 20 };
    expect(applyTable(new Uint8ClampedArray(4), picture)).toBe(false);
  });
});

describe('weights', () => {
  it('tells a LoRA with its family, trigger words and example picture', async () => {
    const found = await look('other/film-look.safetensors');
    expect(found).toMatchObject({
      state: 'ready',
      suggestedType: 'lora',
      facts: { title: 'Harbour film look' },
    });
    expect(found.facts.more).toMatchObject({
      weightsKind: 'LoRA',
      baseModel: 'SDXL',
      triggerWords: 'harbourfilm',
      trainedTags: 'harbourfilm, golden hour, boat',
      rank: 4,
      parameters: 385,
      resolution: '1024x1024',
    });
    expect(found.text).toContain('golden hour');
    expect(found.renditions.map(({ name }) => name)).toEqual(['thumbnail']);
  });

  it.each([
    ['other/face.safetensors', 'embedding', 'Textual inversion'],
    ['other/depth-control.safetensors', 'controlnet', 'ControlNet'],
  ])('%s is %s', async (name, type, kind) => {
    const found = await look(name);
    expect(found).toMatchObject({
      state: 'ready_no_preview',
      suggestedType: type,
      facts: { more: { weightsKind: kind } },
    });
  });

  it('never opens a format that can run programs, and says so', async () => {
    const found = await look('other/legacy.ckpt');
    expect(found).toMatchObject({ state: 'ready_no_preview', reason: 'never_opened', facts: {} });
    expect(found.message).toContain('trust');
    const torch = Buffer.from([
      0x80, 2, 0x8a, 0x0a, 0x6c, 0xfc, 0x9c, 0x46, 0xf9, 0x20, 0x6a, 0xa8, 0x50, 0x19, 0x2e,
    ]);
    const path = join(await newScratch(), 'pytorch_model.bin');
    writeFileSync(path, torch);
    expect((await detectFile(path)).mime).toBe('application/x-pickle-weights');
  });

  it('keeps what the header tells of a file that was cut', async () => {
    const intact = readFileSync(join(folder, 'other/film-look.safetensors'));
    const path = join(await newScratch(), 'cut.safetensors');
    writeFileSync(path, intact.subarray(0, intact.length - 100));
    const found = await describeFile(decoder, path);
    expect(found).toMatchObject({ reason: 'damaged', facts: { title: 'Harbour film look', damaged: true } });
  });
});

import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { makeFixtures } from '../../scripts/fixtures.js';
import type { Decoder } from '../../src/media/contract.ts';
import { drawModel } from '../../src/media/mesh-draw.ts';
import { readPly } from '../../src/media/mesh-ply.ts';
import { readBinaryStl, readObj, readTextStl } from '../../src/media/mesh-text.ts';
import { CannotDecode } from '../../src/media/outcome.ts';
import { describeFile, detectFile, newScratch, testDecoder } from './support.ts';

let folder = '';
let decoder: Decoder;
beforeAll(async () => {
  folder = await makeFixtures();
  decoder = testDecoder();
}, 120_000);
afterAll(() => decoder.close());

describe('shapes', () => {
  it.each([
    ['ring.obj', { vertices: 1152, triangles: 2304, materials: 1 }],
    ['ring-binary.stl', { vertices: 6912, triangles: 2304 }],
    ['ring-text.stl', { triangles: 256 }],
    ['ring-text.ply', { vertices: 1152, triangles: 2304 }],
    ['ring-binary.ply', { vertices: 1152, triangles: 2304, extent: '2.84 × 0.84 × 2.84' }],
    ['triangle.glb', { vertices: 3, triangles: 1, meshes: 1, formatVersion: '2.0' }],
  ])('%s is counted and drawn', async (name, more) => {
    const found = await describeFile(decoder, join(folder, 'other', name));
    expect(found).toMatchObject({ state: 'ready', facts: { more } });
    expect(found.renditions.map((made) => made.name)).toEqual(['thumbnail', 'preview']);
  });

  it('draws the ring as a ring, on a clear ground, with a hole', async () => {
    const found = await describeFile(decoder, join(folder, 'other/ring-text.stl'));
    const { data, info } = await sharp(found.renditions[0]?.path).raw().toBuffer({ resolveWithObject: true });
    const alpha = (x: number, y: number): number => data[(y * info.width + x) * 4 + 3] ?? 0;
    expect(info.channels).toBe(4);
    expect(alpha(2, 2)).toBe(0);
    expect(alpha(info.width / 2, info.height / 2)).toBe(0);
    const filled =
      data.filter((value, i) => i % 4 === 3 && value === 255).length / (info.width * info.height);
    expect(filled).toBeGreaterThan(0.15);
  });

  it('never looks for what a model names outside itself', async () => {
    const found = await describeFile(decoder, join(folder, 'other/outside.gltf'));
    expect(found).toMatchObject({ state: 'ready_no_preview', reason: 'parts_elsewhere', renditions: [] });
    expect(found.facts.more).toMatchObject({ meshes: 1, madeWith: 'by hand' });
  });

  it('recognises a binary STL by the length that its count asks for', async () => {
    const bytes = readFileSync(join(folder, 'other/ring-binary.stl'));
    const path = join(await newScratch(), 'cut.stl');
    writeFileSync(path, bytes.subarray(0, -10));
    expect((await detectFile(join(folder, 'other/ring-binary.stl'))).mime).toBe('model/stl');
    expect((await detectFile(path)).mime).not.toBe('model/stl');
  });
});

describe('readers of shapes', () => {
  it('count negative corners of a face from the end and leave out those of nothing', () => {
    const model = readObj('v 0 0 0\nv 1 0 0\nv 0 1 0\nf -3 -2 -1\nf 1 2 9\nf 0 1 2\n');
    expect([...(model?.parts[0]?.triangles ?? [])]).toEqual([0, 1, 2]);
  });

  it('end in a model, nothing, or a stated reason, whatever the bytes are', () => {
    const starts = [
      'ply\nformat ascii 1.0\nelement vertex 3\nproperty float x\nproperty float y\nend_header\n',
      'ply\nformat binary_little_endian 1.0\nelement face 9\nproperty list uint int vertex_indices\nend_header\n',
      'v 1 2 3\nv 4 5 6\nv 7 8 9\nf ',
      'solid x\nfacet normal 0 0 1\nvertex ',
      '',
    ];
    const readers = [
      readPly,
      readBinaryStl,
      (bytes: Buffer) => readObj(bytes.toString('latin1')),
      (bytes: Buffer) => readTextStl(bytes.toString('latin1')),
    ];
    fc.assert(
      fc.property(fc.constantFrom(...starts), fc.uint8Array({ maxLength: 600 }), (start, noise) => {
        const bytes = Buffer.concat([Buffer.from(start), noise]);
        for (const read of readers) {
          try {
            const model = read(bytes);
            if (model === null) continue;
            const picture = drawModel(model.parts, 32);
            expect(picture === null || picture.data.length === 32 * 32 * 4).toBe(true);
            expect(
              Object.values(model.more).every((value) => typeof value !== 'number' || Number.isFinite(value)),
            ).toBe(true);
          } catch (error) {
            if (!(error instanceof CannotDecode)) throw error;
          }
        }
      }),
      { numRuns: 300 },
    );
  });
});

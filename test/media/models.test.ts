import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import * as fc from 'fast-check';
import sharp from 'sharp';
import { describe, expect, it } from 'vitest';
import { drawModel } from '../../src/media/mesh-draw.ts';
import { readFbx } from '../../src/media/mesh-fbx.ts';
import { readPly } from '../../src/media/mesh-ply.ts';
import { readBinaryStl, readObj, readTextStl } from '../../src/media/mesh-text.ts';
import { readUsd, readUsdz } from '../../src/media/mesh-usd.ts';
import { CannotDecode } from '../../src/media/outcome.ts';
import { folder, look, samples } from './samples.ts';
import { detectFile, newScratch } from './support.ts';

samples();

describe('shapes', () => {
  it('that declare endless rows of nothing, or types that every object has, are refused at once', () => {
    const header = (...lines: string[]) =>
      Buffer.from(['ply', 'format binary_little_endian 1.0', ...lines, 'end_header', '12345678'].join('\n'));
    const endless = Array.from({ length: 2000 }, (_, n) => `element nothing${n} 6000000`);
    expect(() => readPly(header(...endless))).toThrow(CannotDecode);
    expect(readPly(header('element vertex 2', 'property constructor x'))).toBeNull();
  });

  it.each([
    ['ring.obj', { vertices: 1152, triangles: 2304, materials: 1 }],
    ['ring-binary.stl', { vertices: 6912, triangles: 2304 }],
    ['ring-text.stl', { triangles: 256 }],
    ['ring-text.ply', { vertices: 1152, triangles: 2304 }],
    ['ring-binary.ply', { vertices: 1152, triangles: 2304, extent: '2.84 × 0.84 × 2.84' }],
    ['ring.fbx', { triangles: 2304, materials: 2, formatVersion: '7.4', madeWith: 'written by hand' }],
    ['board.usdz', { triangles: 4, materials: 1, textures: 1, extent: '2 × 1 × 1' }],
    ['ring-draco.glb', { triangles: 2304, extensions: 'KHR_draco_mesh_compression' }],
    ['ring-meshopt.glb', { vertices: 1152, triangles: 2304 }],
    ['triangle.glb', { vertices: 3, triangles: 1, meshes: 1, formatVersion: '2.0' }],
  ])('%s is counted and drawn', async (name, more) => {
    const found = await look(`other/${name}`);
    expect(found).toMatchObject({ state: 'ready', facts: { more } });
    // What the page does not turn by itself comes along as a GLB file.
    const extra = ['ring-draco.glb', 'triangle.glb'].includes(name) ? [] : ['model'];
    expect(found.renditions.map((made) => made.name)).toEqual(['thumbnail', 'preview', ...extra]);
  });

  it('draws the ring as a ring, on a clear ground, with a hole', async () => {
    const found = await look('other/ring-text.stl');
    const { data, info } = await sharp(found.renditions[0]?.path).raw().toBuffer({ resolveWithObject: true });
    const alpha = (x: number, y: number): number => data[(y * info.width + x) * 4 + 3] ?? 0;
    expect(info.channels).toBe(4);
    expect(alpha(2, 2)).toBe(0);
    expect(alpha(info.width / 2, info.height / 2)).toBe(0);
    const filled =
      data.filter((value, i) => i % 4 === 3 && value === 255).length / (info.width * info.height);
    expect(filled).toBeGreaterThan(0.15);
  });

  it('shows the colours and textures of other programs, upright', async () => {
    const mean = async (name: string) => {
      const found = await look(`other/${name}`);
      const path = found.renditions[0]?.path;
      const { data, info } = await sharp(path).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
      const sides = { left: [0, 0, 0, 0], right: [0, 0, 0, 0] };
      for (let i = 0; i < data.length; i += 4) {
        const side = (i / 4) % info.width < info.width / 2 ? sides.left : sides.right;
        if ((data[i + 3] ?? 0) < 128) continue;
        for (let c = 0; c < 3; c += 1) side[c] = (side[c] ?? 0) + (data[i + c] ?? 0);
        side[3] = (side[3] ?? 0) + 1;
      }
      return sides;
    };
    // One half of the ring is red, the other blue: whichever way it lies, both are there.
    const { left, right } = await mean('ring.fbx');
    const [red = 0, , blue = 0] = left.map((value, i) => value + (right[i] ?? 0));
    expect(Math.min(red, blue) / Math.max(red, blue)).toBeGreaterThan(0.5);
    // A field is greener and redder than blue; the plain grey of a shape without its texture is not.
    const [r = 0, , b = 0] = (await mean('board.usdz')).left;
    expect(r / b).toBeGreaterThan(1.1);
  });

  it('hands the page a model that other readers understand', async () => {
    const { WebIO } = await import('@gltf-transform/core');
    for (const [name, triangles] of [
      ['ring.fbx', 2304],
      ['board.usdz', 4],
      ['ring-text.ply', 2304],
    ] as const) {
      const found = await look(`other/${name}`);
      const { path = '' } = found.renditions.find((made) => made.name === 'model') ?? {};
      const document = await new WebIO().readBinary(new Uint8Array(readFileSync(path)));
      const shapes = document
        .getRoot()
        .listMeshes()
        .flatMap((mesh) => mesh.listPrimitives());
      const corners = shapes.reduce((sum, shape) => sum + (shape.getIndices()?.getCount() ?? 0), 0);
      expect(corners / 3, name).toBe(triangles);
    }
  });

  it('takes a file that only moves for an animation', async () => {
    const found = await look('other/walk.fbx');
    expect(found).toMatchObject({
      state: 'ready_no_preview',
      reason: 'no_picture',
      suggestedType: 'animation',
      facts: { more: { bones: 1, animations: 1 } },
    });
    expect(found.text).toContain('Walk');
  });

  it('never looks for what a model names outside itself', async () => {
    const found = await look('other/outside.gltf');
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

  it('of other programs end in a model or a stated reason, however their bytes are bent', async () => {
    const readers = { 'ring.fbx': readFbx, 'walk.fbx': readFbx, 'board.usdz': readUsdz } as const;
    const bend = fc.record({
      name: fc.constantFrom('ring.fbx', 'walk.fbx', 'board.usdz'),
      // Near the front are the headers, where a bent byte does the most.
      at: fc.oneof(fc.nat(300), fc.nat(40_000)),
      by: fc.integer({ min: 1, max: 255 }),
      cut: fc.option(fc.nat(40_000)),
    });
    await fc.assert(
      fc.asyncProperty(bend, async ({ name, at, by, cut }) => {
        const bytes = readFileSync(join(folder, 'other', name));
        bytes[at % bytes.length] = ((bytes[at % bytes.length] ?? 0) + by) % 256;
        try {
          const { parts, more } = await readers[name](cut === null ? bytes : bytes.subarray(0, cut));
          expect(drawModel(parts, 32)?.data.length ?? 4096).toBe(4096);
          expect(JSON.parse(JSON.stringify(more))).toEqual(more);
        } catch (error) {
          if (!(error instanceof CannotDecode)) throw error;
        }
      }),
      { numRuns: 150 },
    );
  });

  it('draw a crate of USD that is cut short as damaged', async () => {
    await expect(readUsd(Buffer.from('PXR-USDC\0\x08\0\0\0\0\0\0'))).rejects.toThrow(CannotDecode);
    await expect(readUsdz(Buffer.from('PK nothing'))).rejects.toThrow(CannotDecode);
  });
});

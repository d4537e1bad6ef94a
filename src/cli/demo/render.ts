import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { findProgram, runTool } from '../../platform/run-tool.ts';
import type { Scene } from './landscapes.ts';
import { chance } from './random.ts';

type Format = 'jpeg' | 'png' | 'webp' | 'avif';

const svg = ({ width, height }: Scene, layers: readonly string[]) =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">${layers.join('')}</svg>`,
  );

/** The drawing itself, for what is kept as SVG. */
export function drawing(scene: Scene): Buffer {
  return svg(scene, scene.layers);
}

/** A picture of all layers. Formats without transparency get the grain of a sensor, which drawn skies lack. */
export async function picture(scene: Scene, format: Format): Promise<Buffer> {
  const flat = sharp(svg(scene, scene.layers));
  if (format === 'png') return flat.png({ compressionLevel: 9 }).toBuffer();
  const grained = flat.removeAlpha().composite([{ input: await grain(), tile: true, blend: 'overlay' }]);
  if (format === 'jpeg') return grained.jpeg({ quality: 84 }).toBuffer();
  return format === 'webp'
    ? grained.webp({ quality: 82 }).toBuffer()
    : grained.avif({ quality: 55, effort: 1 }).toBuffer();
}

/** The picture as somebody sent it on: scaled down and saved with more loss. */
export async function smaller(scene: Scene, width: number): Promise<Buffer> {
  return sharp(await picture(scene, 'jpeg'))
    .resize({ width })
    .jpeg({ quality: 68 })
    .toBuffer();
}

let tile: Promise<Buffer> | null = null;

const GRAIN_SIDE = 256;

/** The same in every run: the demo made twice must be the same bytes, or the library would fill with twins. */
function grain(): Promise<Buffer> {
  tile ??= drawGrain();
  return tile;
}

function drawGrain(): Promise<Buffer> {
  const { between } = chance(GRAIN_SIDE);
  // Three throws together are nearly a bell curve, about nine wide.
  const parts = Buffer.from(
    Array.from({ length: GRAIN_SIDE * GRAIN_SIDE * 3 }, () =>
      Math.round(128 + between(-9, 9) + between(-9, 9) + between(-9, 9)),
    ),
  );
  return sharp(parts, { raw: { width: GRAIN_SIDE, height: GRAIN_SIDE, channels: 3 } })
    .png()
    .toBuffer();
}

/** Whether clips can be made here. */
export function canFilm(): boolean {
  return findProgram('ffmpeg') !== null;
}

/** Seconds that a clip may take to be made. */
const DEADLINE_MS = 180_000;

/** A camera that glides past the layers of a scene, near ones faster: H.264 in MP4, 1280 × 720. */
export async function clip(scene: Scene, seconds: number, hum: Buffer | null): Promise<Buffer> {
  const ffmpeg = findProgram('ffmpeg');
  if (ffmpeg === null) throw new Error('There is no ffmpeg here.');
  const folder = await mkdtemp(path.join(tmpdir(), 'backlot-clip-'));
  try {
    const inputs: string[] = [];
    for (const [n, layer] of scene.layers.entries()) {
      const file = path.join(folder, `${n}.png`);
      await sharp(svg(scene, [layer]))
        .resize({ height: 720 })
        .png({ compressionLevel: 1 })
        .toFile(file);
      inputs.push('-loop', '1', '-t', String(seconds), '-r', '24', '-i', file);
    }
    if (hum !== null) {
      await writeFile(path.join(folder, 'hum.wav'), hum);
      inputs.push('-i', path.join(folder, 'hum.wav'));
    }
    const out = path.join(folder, 'clip.mp4');
    const spare = Math.round((scene.width / scene.height) * 720) - 1280;
    const steps = scene.layers.map((_, n) => {
      const from = n === 0 ? `[0:v]crop=1280:720:x='${spare * 0.3}*t/${seconds}':y=0[v0]` : '';
      const x = `-${spare}*${(0.3 + n * 0.32).toFixed(2)}*t/${seconds}`;
      return n === 0 ? from : `[v${n - 1}][${n}:v]overlay=x='${x}':y=0:eval=frame[v${n}]`;
    });
    const sound = hum === null ? [] : ['-map', `${scene.layers.length}:a`, '-c:a', 'aac', '-shortest'];
    const film = [
      ['-filter_complex', steps.join(';'), '-map', `[v${scene.layers.length - 1}]`],
      ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23'],
      ['-pix_fmt', 'yuv420p', '-movflags', '+faststart'],
    ].flat();
    const result = await runTool(
      [ffmpeg, '-v', 'error', '-nostdin', '-y', ...inputs, ...film, ...sound, out],
      { deadline: DEADLINE_MS },
    );
    if (result.code !== 0) throw new Error(`A clip could not be made: ${result.stderr.slice(0, 300)}`);
    return await readFile(out);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

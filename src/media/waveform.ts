import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { MadeRendition } from './contract.ts';
import type { Raster } from './raster.ts';

const PICTURE = { width: 512, height: 288 } as const;
const BARS = 64;
const BAR_COLOUR = [94, 129, 244] as const;

export interface Waveform {
  /** Lowest and highest sample per slice, −128…127, interleaved. */
  readonly peaks: Int8Array;
  readonly toolVersion: string;
}

/** Keeps the peaks as a small JSON file for a player to draw: `{ "version": 1, "peaks": [min, max, …] }`. */
export async function writePeaks(waveform: Waveform, scratch: string): Promise<MadeRendition> {
  const path = join(scratch, 'waveform.json');
  await writeFile(path, JSON.stringify({ version: 1, peaks: [...waveform.peaks] }));
  const { toolVersion } = waveform;
  return { name: 'waveform', path, mime: 'application/json', ext: 'json', tool: 'ffmpeg', toolVersion };
}

/** Draws rounded bars on a transparent ground, so that a card of sound has a picture in either theme. */
export function drawWaveform(waveform: Waveform): Raster {
  const { width, height } = PICTURE;
  const data = new Uint8Array(width * height * 4);
  const heights = barHeights(waveform.peaks);
  const pitch = width / BARS;
  const radius = pitch * 0.3;
  for (let x = 0; x < width; x += 1) {
    const bar = Math.floor(x / pitch);
    const offset = Math.abs(x + 0.5 - (bar + 0.5) * pitch);
    const half = Math.max(radius, ((heights[bar] ?? 0) * height * 0.86) / 2);
    for (let y = 0; y < height; y += 1) {
      const beyond = Math.max(0, Math.abs(y + 0.5 - height / 2) - (half - radius));
      const cover = Math.min(1, Math.max(0, radius - Math.hypot(offset, beyond) + 0.5));
      if (cover > 0) data.set([...BAR_COLOUR, Math.round(cover * 255)], (y * width + x) * 4);
    }
  }
  return { data, width, height };
}

/** Loudest span of each bar, 0–1, scaled so that a quiet recording still shows its shape. */
function barHeights(peaks: Int8Array): number[] {
  const slices = peaks.length / 2;
  const heights = Array.from({ length: BARS }, (_, bar) => {
    const from = Math.floor((bar * slices) / BARS);
    const to = Math.max(from + 1, Math.floor(((bar + 1) * slices) / BARS));
    let sum = 0;
    for (let i = from; i < to; i += 1) sum += (peaks[i * 2 + 1] ?? 0) - (peaks[i * 2] ?? 0);
    return sum / (to - from) / 255;
  });
  const loudest = Math.max(0.02, ...heights);
  return heights.map((height) => Math.sqrt(height / loudest));
}

import { randomBytes } from 'node:crypto';
import { mkdir, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { findTools } from '../src/media/capabilities.ts';
import { createDecoder } from '../src/media/decoder.ts';
import { withTempDir } from '../src/platform/temp-dir.ts';
import { benchDelivery, benchStoryboard, benchThroughput } from './pictures.ts';
import { atMost, percentile } from './report.ts';

/** First thumbnail of a 24 Mpx photo through the pool of decoding processes, warm. */
export async function benchThumbnails(scratch: string): Promise<void> {
  const file = path.join(scratch, 'photo-24mpx.jpg');
  await mkdir(scratch, { recursive: true });
  const raw = randomBytes(1500 * 1000 * 3);
  const picture = sharp(raw, { raw: { width: 1500, height: 1000, channels: 3 } })
    .blur(3)
    .resize(6000, 4000);
  await writeFile(file, await picture.jpeg({ quality: 90 }).toBuffer());
  const { size } = await stat(file);
  const decoder = createDecoder({ tools: findTools(), parallel: 1 });
  const source = {
    path: file,
    size,
    detected: { mime: 'image/jpeg', ext: 'jpg', mediaType: 'image' as const },
  };
  const first: number[] = [];
  const whole: number[] = [];
  try {
    for (let run = 0; run < 12; run += 1) {
      await withTempDir('bench', async (folder) => {
        const began = performance.now();
        let early = 0;
        const task = { source, scratch: folder, signal: new AbortController().signal };
        await decoder.describeInSteps({ ...task, early: () => (early = performance.now() - began) });
        if (run < 2) return;
        whole.push(performance.now() - began);
        first.push(early === 0 ? performance.now() - began : early);
      });
    }
  } finally {
    await decoder.close();
  }
  atMost({
    section: 'pictures',
    what: `first thumbnail of 24 Mpx (${(size / 1e6).toFixed(1)} MB JPEG), median`,
    value: percentile(first, 0.5),
    goal: 110,
    unit: 'ms',
  });
  atMost({
    section: 'pictures',
    what: '… with preview, palette and hashes, median',
    value: percentile(whole, 0.5),
    goal: 400,
    unit: 'ms',
  });
  const all = createDecoder({ tools: findTools(), parallel: availableParallelism() });
  try {
    await benchThroughput(all, source);
    await benchDelivery(all, source);
    await benchStoryboard(all, scratch);
  } finally {
    await all.close();
  }
}

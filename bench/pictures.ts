import { stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { specOf } from '../src/domain/delivery.ts';
import { findTools } from '../src/media/capabilities.ts';
import type { Decoder, MediaSource } from '../src/media/contract.ts';
import { makeStoryboard } from '../src/media/storyboard.ts';
import { findProgram, runTool } from '../src/platform/run-tool.ts';
import { withTempDir } from '../src/platform/temp-dir.ts';
import { PictureCache } from '../src/storage/picture-cache.ts';
import { atLeast, atMost, note, percentile } from './report.ts';

const FILES = 24;
const DEADLINE = 600_000;

/** Seconds that so many runs take, as many at once as there are cores. */
async function secondsFor(count: number, one: (index: number) => Promise<unknown>): Promise<number> {
  const began = performance.now();
  let next = 0;
  const lane = async () => {
    for (let index = next++; index < count; index = next++) await one(index);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return (performance.now() - began) / 1000;
}

/** Ours does more for each file (placeholder, palette, hashes, a large preview); the others make the thumbnail alone. */
export async function benchThroughput(decoder: Decoder, source: MediaSource): Promise<void> {
  await withTempDir('bench', async (folder) => {
    const describe = () =>
      withTempDir('bench', (scratch) => decoder.describe(source, scratch, new AbortController().signal));
    await secondsFor(availableParallelism(), describe);
    const ours = FILES / (await secondsFor(FILES, describe));
    const section = 'pictures';
    note({ section, what: 'files read per second, preview and all', value: ours, unit: '/s' });
    const spec = specOf({ w: 512, h: 512 });
    const draw = () =>
      withTempDir('bench', (scratch) =>
        decoder.describeInSteps({
          source,
          scratch,
          signal: new AbortController().signal,
          make: 'picture',
          picture: spec,
        }),
      );
    await secondsFor(availableParallelism(), draw);
    const alone = FILES / (await secondsFor(FILES, draw));
    note({ section, what: 'thumbnails alone per second', value: alone, unit: '/s' });
    const vips = findProgram('vipsthumbnail');
    if (vips !== null) {
      const run = (index: number) =>
        runTool([vips, source.path, '-s', '512', '-o', path.join(folder, `v${index}.webp`)], {
          deadline: DEADLINE,
        });
      const theirs = FILES / (await secondsFor(FILES, run));
      atLeast({ section, what: '… in vipsthumbnails', value: alone / theirs, goal: 1.5, unit: '×' });
    }
    const { ffmpeg } = findTools();
    if (ffmpeg === null) return;
    const words = ['-v', 'error', '-y', '-i', source.path, '-vf', 'scale=512:-1'];
    const run = (index: number) =>
      runTool([ffmpeg, ...words, path.join(folder, `f${index}.webp`)], { deadline: DEADLINE });
    const theirs = FILES / (await secondsFor(FILES, run));
    atLeast({ section, what: '… in ffmpegs', value: alone / theirs, goal: 1.5, unit: '×' });
  });
}

/** A picture on demand when it has to be made, and when it is there. */
export async function benchDelivery(decoder: Decoder, source: MediaSource): Promise<void> {
  await withTempDir('bench', async (folder) => {
    const cache = await PictureCache.open(folder, 1e9);
    const cold: number[] = [];
    const cached: number[] = [];
    const spec = specOf({ w: 1280 });
    for (let run = 0; run < 12; run += 1) {
      const key = { brandId: 'bench', assetId: 'one', name: `v${run}.webp` };
      const began = performance.now();
      await withTempDir(
        'bench',
        async (scratch) => {
          const { signal } = new AbortController();
          const task = { source, scratch, signal, make: 'picture' as const, picture: spec };
          const [made] = (await decoder.describeInSteps(task)).renditions;
          if (made === undefined) throw new Error('No picture was made.');
          await cache.keep(key, made.path);
        },
        cache.scratch,
      );
      const between = performance.now();
      await (await cache.find(key))?.readWhole();
      if (run < 2) continue;
      cold.push(between - began);
      cached.push(performance.now() - between);
    }
    const section = 'pictures';
    atMost({
      section,
      what: 'picture of 1280 px, made',
      value: percentile(cold, 0.5),
      goal: 250,
      unit: 'ms',
    });
    atMost({ section, what: '… from the cache', value: percentile(cached, 0.5), goal: 2, unit: 'ms' });
  });
}

/** The scrub strip, with all else that is told of the film, against decoding the film once. */
export async function benchStoryboard(decoder: Decoder, scratch: string): Promise<void> {
  const { ffmpeg } = findTools();
  if (ffmpeg === null) return;
  const film = path.join(scratch, 'film-1080p.mp4');
  const make =
    '-v error -y -f lavfi -i testsrc2=size=1920x1080:rate=30:duration=40 -c:v libx264 -preset veryfast -g 30 -pix_fmt yuv420p';
  const made = await runTool([ffmpeg, ...make.split(' '), film], { deadline: DEADLINE });
  if (made.code !== 0) return;
  const { size } = await stat(film);
  const source = {
    path: film,
    size,
    detected: { mime: 'video/mp4', ext: 'mp4', mediaType: 'video' as const },
  };
  const { signal } = new AbortController();
  const facts = { duration: 40, width: 1920, height: 1080 };
  const strip = performance.now();
  await withTempDir('bench', (folder) =>
    makeStoryboard(source, { scratch: folder, signal, tools: findTools() }, facts),
  );
  const alone = performance.now() - strip;
  const began = performance.now();
  await withTempDir('bench', (folder) => decoder.describe(source, folder, signal));
  const ours = performance.now() - began;
  const before = performance.now();
  await runTool([ffmpeg, '-v', 'error', '-i', film, '-f', 'null', '-'], { deadline: DEADLINE });
  const full = performance.now() - before;
  const section = 'pictures';
  note({ section, what: 'scrub strip of 40 s in 1080p', value: alone, unit: 'ms' });
  atLeast({ section, what: '… against one full decode', value: full / alone, goal: 5, unit: '×' });
  note({ section, what: 'film of 40 s in 1080p, all its pictures', value: ours, unit: 'ms' });
  atLeast({ section, what: '… against one full decode', value: full / ours, goal: 1, unit: '×' });
}

import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Description, KindContext, MediaSource } from './contract.ts';
import { runFfmpeg, versionOfFfmpeg, words } from './ffmpeg.ts';
import { failed } from './outcome.ts';

/** Fits 1280 × 720 without enlarging, in even sides as the encoder wants them. */
const SCALE =
  "scale=w='min(1280,iw)':h='min(720,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p";

/** A film of at most 720 lines that every browser plays and that starts before it has arrived whole. */
export async function makeProxy(source: MediaSource, context: KindContext): Promise<Description> {
  if (context.tools.ffmpeg === null) return failed('waiting_for_ffmpeg');
  const path = join(context.scratch, 'proxy.mp4');
  const result = await runFfmpeg(
    {
      input: source.path,
      after: [
        ...words('-map 0:V:0 -map 0:a:0? -sn -dn -map_metadata -1 -map_chapters -1 -vf'),
        SCALE,
        ...words('-c:v libx264 -preset veryfast -crf 28 -threads 2 -c:a aac -b:a 128k -ac 2'),
        ...words('-movflags +faststart -f mp4'),
        `file:${path}`,
      ],
      // Whoever asked for it ends the process when it is too late.
      deadline: 24 * 3_600_000,
    },
    context,
  );
  const made = await stat(path).catch(() => null);
  if (result === null || result.code !== 0 || made === null || made.size === 0)
    return failed('no_decoder_for_format');
  const tool = { tool: 'ffmpeg', toolVersion: await versionOfFfmpeg(context) };
  const proxy = { name: 'proxy', path, mime: 'video/mp4', ext: 'mp4', ...tool } as const;
  return { state: 'ready', facts: {}, renditions: [proxy] };
}

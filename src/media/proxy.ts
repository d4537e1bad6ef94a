import { rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { runTool } from '../platform/run-tool.ts';
import type { Description, KindContext, MediaSource } from './contract.ts';
import { runFfmpeg, SAFE_INPUT, versionOfFfmpeg, words } from './ffmpeg.ts';
import { parseRecord } from './json.ts';
import { failed } from './outcome.ts';
import { recordOf } from './record.ts';

/** Fits 1280 × 720 without enlarging, in even sides as the encoder wants them. */
const SCALE =
  "scale=w='min(1280,iw)':h='min(720,ih)':force_original_aspect_ratio=decrease:force_divisible_by=2,format=yuv420p";
const SMALLER = ['-vf', SCALE, ...words('-c:v libx264 -preset veryfast -crf 28 -threads 2')];
const SOUND = words('-c:a aac -b:a 128k -ac 2');
const COPIED = words('-c:v copy');

/** Bits per second above which a film is made smaller even where every browser would play its pictures. */
const MOST_BITS = 20e6;

/**
 * A film that every browser plays and that starts before it has arrived whole. Pictures and sound that they play
 * already are taken over as they are, which is quick and loses nothing; others come in at most 720 lines.
 */
export async function makeProxy(source: MediaSource, context: KindContext): Promise<Description> {
  if (context.tools.ffmpeg === null) return failed('waiting_for_ffmpeg');
  const path = join(context.scratch, 'proxy.mp4');
  const keeps = await whatPlays(source, context);
  const sound = keeps.sound ? words('-c:a copy') : SOUND;
  // Old containers may lack times that a copy needs: then the pictures are made anew.
  const ways = [...(keeps.pictures ? [[...COPIED, ...sound]] : []), [...SMALLER, ...SOUND]];
  for (const way of ways) {
    if (!(await written(source, context, { path, way }))) continue;
    const tool = { tool: 'ffmpeg', toolVersion: await versionOfFfmpeg(context) };
    const proxy = { name: 'proxy', path, mime: 'video/mp4', ext: 'mp4', ...tool } as const;
    return { state: 'ready', facts: {}, renditions: [proxy] };
  }
  return failed('no_decoder_for_format');
}

async function written(
  source: MediaSource,
  context: KindContext,
  { path, way }: { path: string; way: readonly string[] },
): Promise<boolean> {
  await rm(path, { force: true });
  const result = await runFfmpeg(
    {
      before: words('-fflags +genpts'),
      input: source.path,
      after: [
        ...words('-map 0:V:0 -map 0:a:0? -sn -dn -map_metadata -1 -map_chapters -1'),
        ...way,
        ...words('-movflags +faststart -f mp4'),
        `file:${path}`,
      ],
      // Whoever asked for it ends the process when it is too late.
      deadline: 24 * 3_600_000,
    },
    context,
  );
  const made = await stat(path).catch(() => null);
  return result !== null && result.code === 0 && made !== null && made.size > 0;
}

/** What of the film can be taken over; without ffprobe nothing is. */
async function whatPlays(
  { path, size }: MediaSource,
  context: KindContext,
): Promise<{ pictures: boolean; sound: boolean }> {
  const { ffprobe } = context.tools;
  if (ffprobe === null) return { pictures: false, sound: false };
  const entries = 'stream=codec_type,codec_name,pix_fmt,field_order:format=duration';
  const { stdout } = await runTool(
    [ffprobe, '-v', 'error', ...SAFE_INPUT, '-show_entries', entries, '-of', 'json', `file:${path}`],
    { signal: context.signal, deadline: 15_000, ownGroup: false },
  );
  const answer = parseRecord(stdout.toString('utf8'));
  const streams = Array.isArray(answer['streams']) ? answer['streams'].map(recordOf) : [];
  const first = (type: string) => streams.find((stream) => stream['codec_type'] === type) ?? {};
  const { codec_name: codec, pix_fmt: pixels, field_order: fields } = first('video');
  // Browsers decode eight bits at half the colour resolution, line after line.
  const isPlain =
    /^yuvj?420p$/.test(String(pixels)) && /^(undefined|unknown|progressive)$/.test(String(fields));
  const seconds = Number(recordOf(answer['format'])['duration']);
  const isLight = seconds > 0 && (size * 8) / seconds <= MOST_BITS;
  const heard = first('audio')['codec_name'];
  return {
    pictures: codec === 'h264' && isPlain && isLight,
    sound: heard === 'aac' || heard === 'mp3',
  };
}

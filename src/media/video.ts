import { audio } from './audio.ts';
import type { Description, Detected, Facts, KindContext, MediaKind, MediaSource } from './contract.ts';
import { grabFrame, versionOfFfmpeg } from './ffmpeg.ts';
import { isCutShort } from './intact.ts';
import { CannotDecode, damagedInPart, noPreview } from './outcome.ts';
import { FRAME_SIDE, lookOf, writeWebp } from './picture.ts';
import { brightness, type Raster } from './raster.ts';
import { readSound } from './sound.ts';
import { makeStoryboard } from './storyboard.ts';
import { probeVideo } from './video-probe.ts';

/** People expect the picture a few seconds in, past a title card. */
const THUMBNAIL_SECOND = 3;

export const video: MediaKind = {
  name: 'video',
  accepts: (detected) => detected.mediaType === 'video',
  async describe(source, context) {
    const cut = await isCutShort(source.path, source.size);
    const probe = await probeVideo(source, context);
    if (probe === null) return withoutTables(source, context, cut);
    if (!probe.hasVideo) {
      const detected = soundOnly(source.detected);
      return { ...(await audio.describe({ ...source, detected }, context)), detected };
    }
    const facts: Facts = { ...probe.facts, ...(cut ? { damaged: true } : {}) };
    if (context.tools.ffmpeg === null) return noPreview('waiting_for_ffmpeg', facts);
    const seen = await describeFrames(source, context, facts);
    return probe.hasAudio && seen.state === 'ready' ? withLoudness(seen, source, context) : seen;
  },
};

async function withLoudness(
  seen: Description,
  source: MediaSource,
  context: KindContext,
): Promise<Description> {
  const sound = await readSound(source, context, seen.facts);
  if (sound === null) return seen;
  // A tempo is asked of music, not of scenes.
  const { tempoEstimate: _, ...loudness } = sound.more;
  return { ...seen, facts: { ...seen.facts, more: { ...seen.facts.more, ...loudness } } };
}

/** No reader knows the container: without ffmpeg that may be our lack, with it the file is broken. */
function withoutTables(source: MediaSource, context: KindContext, cut: boolean): Description {
  const ours = context.tools.ffprobe === null && !cut;
  if (ours && !['video/mp4', 'video/webm', 'video/matroska'].includes(source.detected.mime)) {
    return noPreview('waiting_for_ffmpeg');
  }
  throw new CannotDecode('damaged');
}

function soundOnly(detected: Detected): Detected {
  if (detected.mime === 'video/webm') return { mime: 'audio/webm', ext: 'webm', mediaType: 'audio' };
  if (detected.mime === 'video/matroska') return { mime: 'audio/matroska', ext: 'mka', mediaType: 'audio' };
  if (detected.mime === 'video/x-ms-asf') return { mime: 'audio/x-ms-asf', ext: 'wma', mediaType: 'audio' };
  return { mime: 'audio/mp4', ext: 'm4a', mediaType: 'audio' };
}

async function describeFrames(source: MediaSource, context: KindContext, facts: Facts): Promise<Description> {
  const frame = await bestFrame(source, context, facts);
  if (frame === null && facts.damaged) throw new CannotDecode('damaged');
  // The tables are whole, so it is the codec that this ffmpeg does not know.
  if (frame === null) return noPreview('no_decoder_for_format', facts);
  const toolVersion = await versionOfFfmpeg(context);
  const thumbnail = {
    ...(await writeWebp(frame, 'thumbnail', context.scratch)),
    tool: 'ffmpeg',
    toolVersion,
  };
  const first: Description = {
    state: 'ready',
    ...(facts.damaged ? damagedInPart() : {}),
    facts,
    renditions: [thumbnail],
    ...lookOf(frame),
  };
  if ((facts.duration ?? 0) < 1) return first;
  context.early?.(first);
  const storyboard = await makeStoryboard(source, context, facts);
  return storyboard === null
    ? first
    : {
        ...first,
        facts: { ...facts, more: { ...facts.more, ...storyboard.more } },
        renditions: [thumbnail, { ...storyboard.rendition, toolVersion }],
      };
}

/**
 * The frame at 3 s, or at 90 % of a shorter clip. When it is dark or flat, the one with most detail of a few others.
 * A seek past the end succeeds without a frame, so every time is tried in turn.
 */
async function bestFrame(source: MediaSource, context: KindContext, facts: Facts): Promise<Raster | null> {
  const duration = facts.duration ?? 0;
  const size = fitted(facts);
  const grab = (at: number): Promise<Raster | null> => grabFrame({ input: source.path, at, size }, context);
  let best: Raster | null = null;
  const times = [
    Math.min(THUMBNAIL_SECOND, 0.9 * duration),
    0.3 * duration,
    0.6 * duration,
    0.8 * duration,
    0,
  ];
  for (const at of new Set(times)) {
    const frame = await grab(at);
    if (frame === null) continue;
    if (best === null || brightness(frame).spread > brightness(best).spread) best = frame;
    if (!isBlank(best)) return best;
  }
  return best;
}

/** Black, white or one flat colour: nothing that would tell one clip from another. */
function isBlank(frame: Raster): boolean {
  const { mean, spread } = brightness(frame);
  return spread < 6 || (mean < 20 && spread < 14);
}

/** Frame size in even pixels within the square of the frame picture. */
function fitted(facts: Facts): { width: number; height: number } {
  const width = facts.width ?? FRAME_SIDE;
  const height = facts.height ?? FRAME_SIDE;
  const scale = Math.min(1, FRAME_SIDE / Math.max(width, height));
  const even = (side: number): number => Math.max(2, Math.round((side * scale) / 2) * 2);
  return { width: even(width), height: even(height) };
}

import type { InputAudioTrack, InputVideoTrack } from 'mediabunny';
import { runTool } from '../platform/run-tool.ts';
import type { Facts, KindContext, MediaSource } from './contract.ts';
import { SAFE_INPUT } from './ffmpeg.ts';
import { knownOnly, MAX_SECONDS, MAX_SIDE, rounded, sane } from './finite.ts';
import { parseRecord } from './json.ts';
import { recordOf } from './record.ts';

/** Packets looked at for the frame rate; the whole file may hold millions. */
const RATE_PACKETS = 120;

export interface Probe {
  readonly facts: Facts;
  readonly hasVideo: boolean;
  readonly hasAudio: boolean;
}

/** Reads the container's own tables; null when no known container or no usable track is there. */
export async function probeVideo(source: MediaSource, context: KindContext): Promise<Probe | null> {
  return (await probeByTables(source)) ?? (await probeByTool(source, context));
}

async function probeByTables(source: MediaSource): Promise<Probe | null> {
  // Loaded on first use: most files are pictures.
  const library = await import('mediabunny');
  const { MP4, QTFF, MATROSKA, WEBM, MP3, WAVE, OGG, FLAC, ADTS, MPEG_TS } = library;
  // Only self-contained formats: the library's full list contains playlists, which open other files.
  const formats = [MP4, QTFF, MATROSKA, WEBM, MP3, WAVE, OGG, FLAC, ADTS, MPEG_TS];
  const input = new library.Input({ source: new library.FilePathSource(source.path), formats });
  try {
    const video = await input.getPrimaryVideoTrack();
    const audio = await input.getPrimaryAudioTrack();
    if (video === null && audio === null) return null;
    const seconds = (await input.getDurationFromMetadata()) ?? (await input.computeDuration());
    const duration = rounded(sane(seconds, MAX_SECONDS));
    const facts: Facts = {
      ...(video === null ? {} : await videoFacts(video)),
      ...(audio === null ? {} : await audioFacts(audio)),
      ...knownOnly<Facts>({
        duration,
        bitRate: rounded(duration === undefined ? undefined : sane((source.size * 8) / duration, 1e12), 0),
      }),
    };
    const hasVideo = facts.width !== undefined && facts.height !== undefined;
    return hasVideo || audio !== null ? { facts, hasVideo, hasAudio: audio !== null } : null;
  } catch {
    return null;
  } finally {
    input.dispose();
  }
}

async function videoFacts(track: InputVideoTrack): Promise<Partial<Facts>> {
  return knownOnly<Facts>({
    width: sane(await track.getDisplayWidth(), MAX_SIDE),
    height: sane(await track.getDisplayHeight(), MAX_SIDE),
    videoCodec: (await track.getCodec()) ?? undefined,
    frameRate: rounded(sane(await averageRate(track), 1000), 2),
  });
}

async function averageRate(track: InputVideoTrack): Promise<number | undefined> {
  try {
    return (await track.computePacketStats(RATE_PACKETS)).averagePacketRate;
  } catch {
    return undefined;
  }
}

async function audioFacts(track: InputAudioTrack): Promise<Partial<Facts>> {
  return knownOnly<Facts>({
    audioCodec: (await track.getCodec()) ?? undefined,
    channels: sane(await track.getNumberOfChannels(), 256),
    sampleRate: sane(await track.getSampleRate(), 1e7),
  });
}

/** ffprobe knows the old containers. Its exit code proves nothing: only complete figures count. */
async function probeByTool(source: MediaSource, context: KindContext): Promise<Probe | null> {
  const { ffprobe } = context.tools;
  if (ffprobe === null) return null;
  const entries =
    'stream=codec_type,codec_name,width,height,r_frame_rate,avg_frame_rate,channels,sample_rate,sample_aspect_ratio:format=duration:stream_side_data=rotation';
  const result = await runTool(
    [ffprobe, '-v', 'error', ...SAFE_INPUT, '-show_entries', entries, '-of', 'json', `file:${source.path}`],
    { signal: context.signal, deadline: 15_000, ownGroup: false },
  );
  return readToolAnswer(result.stdout.toString('utf8'), source.size);
}

function readToolAnswer(json: string, size: number): Probe | null {
  const answer = parseRecord(json);
  const streams = Array.isArray(answer['streams']) ? answer['streams'].map(recordOf) : [];
  const video = streams.find((stream) => stream['codec_type'] === 'video');
  const audio = streams.find((stream) => stream['codec_type'] === 'audio');
  const duration = rounded(sane(recordOf(answer['format'])['duration'], MAX_SECONDS));
  const facts = knownOnly<Facts>({
    duration,
    ...(video === undefined ? {} : toolVideoFacts(video)),
    audioCodec: wordOf(audio?.['codec_name']),
    channels: sane(audio?.['channels'], 256),
    sampleRate: sane(audio?.['sample_rate'], 1e7),
    bitRate: rounded(duration === undefined ? undefined : sane((size * 8) / duration, 1e12), 0),
  });
  const hasVideo = facts.width !== undefined && facts.height !== undefined && facts.videoCodec !== undefined;
  const hasAudio = facts.audioCodec !== undefined && facts.sampleRate !== undefined;
  return hasVideo || hasAudio ? { facts, hasVideo, hasAudio } : null;
}

function toolVideoFacts(stream: Record<string, unknown>): Partial<Facts> {
  const [across = 1, down = 1] = String(stream['sample_aspect_ratio'] ?? '1:1')
    .split(':')
    .map(Number);
  const aspect = sane(across / down, 100) ?? 1;
  const width = sane(stream['width'], MAX_SIDE);
  const height = sane(stream['height'], MAX_SIDE);
  const sides = Array.isArray(stream['side_data_list']) ? stream['side_data_list'].map(recordOf) : [];
  const turned = sides.some((side) => Math.abs(Number(side['rotation'])) % 180 === 90);
  const wide = width === undefined ? undefined : Math.round(width * aspect);
  return knownOnly<Facts>({
    width: turned ? height : wide,
    height: turned ? wide : height,
    videoCodec: wordOf(stream['codec_name']),
    frameRate: rounded(fraction(stream['avg_frame_rate']) ?? fraction(stream['r_frame_rate']), 2),
  });
}

function fraction(value: unknown): number | undefined {
  const [top = 0, bottom = 1] = String(value).split('/').map(Number);
  return sane(top / bottom, 1000);
}

function wordOf(value: unknown): string | undefined {
  return typeof value === 'string' && /^[\w.-]{1,40}$/.test(value) ? value : undefined;
}

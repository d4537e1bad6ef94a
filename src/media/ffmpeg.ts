import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { SYSTEM_PATH } from '../platform/config.ts';
import sharp from 'sharp';
import { runTool, type ToolResult } from '../platform/run-tool.ts';
import type { KindContext } from './contract.ts';
import { toRaster } from './picture.ts';
import type { Raster } from './raster.ts';

/**
 * Containers that may be opened. A playlist, a concatenation list or an address is none of them, so no input can make
 * the tool open a second file or a connection.
 */
const DEMUXERS =
  'mov,mp4,m4a,3gp,3g2,mj2,matroska,webm,avi,mpegts,mpeg,mp3,wav,aiff,ogg,flac,aac,flv,mxf,asf,bmp_pipe,psd_pipe,exr_pipe,ico,j2k_pipe,jpegxl_pipe,dds_pipe';

export const SAFE_INPUT: readonly string[] = [
  '-protocol_whitelist',
  'file,pipe',
  '-format_whitelist',
  DEMUXERS,
];

/** A fixed part of a command line, as it would be typed. */
export function words(line: string): readonly string[] {
  return line.split(' ');
}

export interface FfmpegRun {
  /** Options before the input, e.g. a seek. */
  readonly before?: readonly string[];
  readonly input: string;
  /** Options after the input, with the output last. */
  readonly after: readonly string[];
  /** Milliseconds. */
  readonly deadline: number;
  readonly maxOutput?: number;
  /** Takes the output piece by piece instead of keeping it. */
  readonly onOutput?: (piece: Buffer) => void;
}

/**
 * Runs ffmpeg on one local file; null when it is not installed. A bad exit is a result: look for the output. The process
 * inherits the limits and the group of the decoder, so whoever ends the decoder ends it too.
 */
export async function runFfmpeg(run: FfmpegRun, context: KindContext): Promise<ToolResult | null> {
  const { ffmpeg } = context.tools;
  if (ffmpeg === null) return null;
  const command = [
    ffmpeg,
    ...words('-nostdin -hide_banner -v error -y -threads 2'),
    ...SAFE_INPUT,
    ...(run.before ?? []),
    '-i',
    `file:${run.input}`,
    ...run.after,
  ];
  return runTool(command, {
    signal: context.signal,
    deadline: run.deadline,
    cwd: context.scratch,
    env: { PATH: SYSTEM_PATH, LC_ALL: 'C' },
    ownGroup: false,
    ...(run.maxOutput === undefined ? {} : { maxOutput: run.maxOutput }),
    ...(run.onOutput === undefined ? {} : { onOutput: run.onOutput }),
  });
}

let ffmpegVersion: string | undefined;

/** The version word of the installed ffmpeg, `unknown` when it does not say. */
export async function versionOfFfmpeg(context: KindContext): Promise<string> {
  if (ffmpegVersion !== undefined || context.tools.ffmpeg === null) return ffmpegVersion ?? 'unknown';
  const result = await runTool([context.tools.ffmpeg, '-version'], { deadline: 5000, ownGroup: false });
  ffmpegVersion = /version (\S+)/.exec(result.stdout.toString('utf8'))?.[1] ?? 'unknown';
  return ffmpegVersion;
}

export interface FrameRequest {
  readonly input: string;
  /** Seconds from the start; 0 for still pictures. */
  readonly at: number;
  /** Exact size in pixels, or none to keep the picture's own. */
  readonly size?: { readonly width: number; readonly height: number };
  /** Extra input options, e.g. a forced reader for a format without a magic number. */
  readonly before?: readonly string[];
}

/** Decodes one frame, orientation applied; null when there is none at this time (which ffmpeg reports as success). */
export async function grabFrame(request: FrameRequest, context: KindContext): Promise<Raster | null> {
  const path = join(context.scratch, 'frame.png');
  const scale = request.size === undefined ? [] : [`scale=${request.size.width}:${request.size.height}`];
  const seek = request.at > 0 ? ['-ss', request.at.toFixed(3)] : [];
  const result = await runFfmpeg(
    {
      before: [...(request.before ?? []), ...seek],
      input: request.input,
      after: [
        ...words('-map 0:V:0 -frames:v 1 -an -sn -dn -vf'),
        [...scale, 'format=rgba'].join(','),
        ...words('-c:v png -compression_level 1 -f image2 -update 1'),
        `file:${path}`,
      ],
      deadline: 20_000,
    },
    context,
  );
  if (result === null) return null;
  try {
    return await toRaster(sharp(path, { limitInputPixels: 200e6 }));
  } catch {
    return null;
  } finally {
    await rm(path, { force: true });
  }
}

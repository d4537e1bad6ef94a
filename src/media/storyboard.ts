import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Facts, KindContext, MadeRendition, MediaSource } from './contract.ts';
import { runFfmpeg, words } from './ffmpeg.ts';

const TILES = 10;
const TILE_SIDE = 160;
/** Clips up to this length are decoded in full; longer ones only at their key frames, which is ten times faster. */
const FULL_DECODE_SECONDS = 15;

export interface Storyboard {
  readonly rendition: Omit<MadeRendition, 'toolVersion'>;
  /** How to cut the strip: tiles from left to right, evenly spread over the duration. */
  readonly more: { readonly storyboardTiles: number; readonly storyboardTileWidth: number };
}

/** One strip of evenly spread small frames for scrubbing over a card; null when it cannot be made. */
export async function makeStoryboard(
  source: MediaSource,
  context: KindContext,
  facts: Facts,
): Promise<Storyboard | null> {
  const { duration, width, height } = facts;
  if (duration === undefined || width === undefined || height === undefined) return null;
  const scale = TILE_SIDE / Math.max(width, height);
  const tile = {
    width: Math.max(2, Math.round((width * scale) / 2) * 2),
    height: Math.max(2, Math.round((height * scale) / 2) * 2),
  };
  const path = join(context.scratch, 'storyboard.jpg');
  const filters = [
    `fps=${TILES}/${duration}:start_time=0`,
    `scale=${tile.width}:${tile.height}`,
    `tpad=stop_mode=clone:stop=${TILES}`,
    `tile=${TILES}x1`,
  ];
  await runFfmpeg(
    {
      before: duration > FULL_DECODE_SECONDS ? words('-skip_frame nokey') : [],
      input: source.path,
      after: [
        ...words('-map 0:V:0 -an -sn -dn -vf'),
        filters.join(','),
        ...words('-frames:v 1 -q:v 5 -f image2 -update 1'),
        `file:${path}`,
      ],
      deadline: 30_000,
    },
    context,
  );
  const made = await stat(path).catch(() => null);
  if (made === null || made.size === 0) return null;
  return {
    rendition: {
      name: 'storyboard',
      path,
      mime: 'image/jpeg',
      ext: 'jpg',
      width: tile.width * TILES,
      height: tile.height,
      tool: 'ffmpeg',
    },
    more: { storyboardTiles: TILES, storyboardTileWidth: tile.width },
  };
}

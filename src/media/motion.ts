import { readFile } from 'node:fs/promises';
import sharp from 'sharp';
import type { Facts, MediaKind } from './contract.ts';
import { knownOnly, MAX_SECONDS, moreFacts, rounded, sane } from './finite.ts';
import { type Motion, poseOf, readMotion } from './motion-read.ts';
import { oneLine } from './one-line.ts';
import { CannotDecode, noPreview } from './outcome.ts';
import { lookOf, toRaster, writeWebp } from './picture.ts';
import type { Raster } from './raster.ts';
import { TOOL_VERSIONS } from './tool-versions.ts';

const MAX_BYTES = 96 * 1024 * 1024;
const POSES = 5;
const WIDTH = 640;
const HEIGHT = 448;
const MARGIN = 28;
/** Motion capture: how long, how many joints, and a few poses of the skeleton one after the other. */
export const motion: MediaKind = {
  name: 'motion',
  accepts: (detected) => detected.mime === 'application/x-bvh',
  async describe(source, context) {
    if (source.size > MAX_BYTES) throw new CannotDecode('too_large');
    const clip = readMotion(await readFile(source.path, 'latin1'));
    if (clip === null) throw new CannotDecode('damaged');
    const known = {
      facts: factsOf(clip),
      suggestedType: 'motion_capture' as const,
      text: namesOf(clip),
    };
    const drawn = await drawPoses(clip);
    if (drawn === null) return { ...noPreview('no_picture'), ...known };
    const picture = await writeWebp(drawn, 'thumbnail', context.scratch);
    const thumbnail = { ...picture, tool: 'backlot-motion', toolVersion: TOOL_VERSIONS['backlot-motion'] };
    return { state: 'ready', renditions: [thumbnail], placeholder: lookOf(drawn).placeholder, ...known };
  },
};

function namesOf({ joints }: Motion): string {
  return joints
    .map(({ name }) => oneLine(name, 60) ?? '')
    .filter((name) => name !== 'Site')
    .join('\n');
}

function factsOf({ joints, frames, frameTime }: Motion): Facts {
  return knownOnly<Facts>({
    duration: rounded(sane(frames * frameTime, MAX_SECONDS)),
    frameRate: rounded(sane(1 / frameTime, 10_000), 2),
    more: moreFacts({ joints: joints.filter(({ name }) => name !== 'Site').length, motionFrames: frames }),
  });
}

/** Seen from the side and a little from above, later poses further to the right; null when nothing has an extent. */
async function drawPoses(clip: Motion): Promise<Raster | null> {
  const poses = Array.from({ length: POSES }, (_, i) => {
    const pose = poseOf(clip, Math.round(((clip.frames - 1) * i) / (POSES - 1)));
    const [rootX = 0, , rootZ = 0] = pose[0] ?? [];
    // Walking away is left out: poses stand side by side.
    return pose.map(([x, y, z]) => [x - rootX + 0.5 * (z - rootZ), y + 0.18 * (z - rootZ)] as const);
  });
  const all = poses.flat();
  const low = Math.min(...all.map(([, y]) => y));
  const high = Math.max(...all.map(([, y]) => y));
  const reach = Math.max(...all.map(([x]) => Math.abs(x)));
  const room = (WIDTH - 2 * MARGIN) / POSES;
  const scale = Math.min((HEIGHT - 2 * MARGIN) / (high - low), (room * 0.9) / Math.max(reach, 1e-9));
  if (!Number.isFinite(scale) || scale <= 0) return null;
  const figures = poses.map((pose, i) => {
    const middle = MARGIN + room * (i + 0.5);
    const at = (index: number): string => {
      const [x = 0, y = 0] = pose[index] ?? [];
      return `${(middle + x * scale).toFixed(1)} ${(HEIGHT - MARGIN - (y - low) * scale).toFixed(1)}`;
    };
    const bones = clip.joints.map(({ parent }, j) => (parent < 0 ? '' : `M${at(parent)}L${at(j)}`)).join('');
    const dots = clip.joints.map((_, j) => `M${at(j)}h0`).join('');
    return `<path d="${bones}" stroke="#5e81f4" stroke-width="3.5"/><path d="${dots}" stroke="#a9b8ff" stroke-width="6"/>`;
  });
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}"><g fill="none" stroke-linecap="round">${figures.join('')}</g></svg>`;
  return toRaster(sharp(Buffer.from(svg)));
}

import { audio } from './audio.ts';
import type { Detected, MediaKind } from './contract.ts';
import { font } from './font.ts';
import { image } from './image.ts';
import { lut } from './lut.ts';
import { model3d } from './model3d.ts';
import { motion } from './motion.ts';
import { office } from './office.ts';
import { other } from './other.ts';
import { pdf } from './pdf.ts';
import { text } from './text.ts';
import { video } from './video.ts';
import { weights } from './weights.ts';

/** All kinds; the first that accepts a file describes it, and the last accepts everything. */
export const KINDS: readonly MediaKind[] = [
  image,
  video,
  audio,
  pdf,
  office,
  font,
  lut,
  weights,
  model3d,
  motion,
  text,
  other,
];

export function kindOf(detected: Detected): MediaKind {
  return KINDS.find((kind) => kind.accepts(detected)) ?? other;
}

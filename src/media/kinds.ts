import { audio } from './audio.ts';
import type { Detected, MediaKind } from './contract.ts';
import { image } from './image.ts';
import { office } from './office.ts';
import { other } from './other.ts';
import { pdf } from './pdf.ts';
import { text } from './text.ts';
import { video } from './video.ts';

/** All kinds; the first that accepts a file describes it, and the last accepts everything. */
export const KINDS: readonly MediaKind[] = [image, video, audio, pdf, office, text, other];

export function kindOf(detected: Detected): MediaKind {
  return KINDS.find((kind) => kind.accepts(detected)) ?? other;
}

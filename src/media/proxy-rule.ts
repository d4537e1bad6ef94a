import type { Facts } from './contract.ts';

/** What every current browser plays: container, picture, sound. */
const CONTAINERS = new Set(['video/mp4', 'video/x-m4v', 'video/webm']);
const PICTURES = new Set(['avc', 'h264', 'vp8', 'vp9', 'av1']);
const SOUNDS = new Set(['aac', 'mp3', 'opus', 'vorbis']);
/** A longer film is watched elsewhere. */
const LONGEST = 3 * 3600;

/** True for a film that some browser would refuse, so that a small copy is worth its making. */
export function needsProxy(mime: string, facts: Facts): boolean {
  const { videoCodec, audioCodec, width, duration } = facts;
  if (videoCodec === undefined || width === undefined || duration === undefined || duration > LONGEST)
    return false;
  const plays =
    CONTAINERS.has(mime) && PICTURES.has(videoCodec) && (audioCodec === undefined || SOUNDS.has(audioCodec));
  return !plays;
}

import sharp from 'sharp';
import type { Description, Facts, KindContext, MadeRendition, MediaKind, MediaSource } from './contract.ts';
import { keepBlocks } from './embedded.ts';
import { readImageMetadata, type SaidInside } from './image-metadata.ts';
import { type OpenPicture, openPicture } from './image-read.ts';
import { CannotDecode, damagedInPart, failed, noPreview, type Reason } from './outcome.ts';
import { lookOf, PREVIEW_SIDE, THUMBNAIL_SIDE, writeWebp } from './picture.ts';
import { isTransparent, type Raster } from './raster.ts';
import { clipText } from './text-clip.ts';

/** What every current browser draws by itself and we serve inline; the rest needs a preview to be seen at all. */
const DISPLAYABLE = new Set([
  'image/jpeg',
  'image/png',
  'image/gif',
  'image/webp',
  'image/avif',
  'image/apng',
]);

/** Above this many pixels a second full decode, only to find a single transparent pixel, is not worth its time. */
const EXACT_ALPHA_PIXELS = 12e6;

/** The file may be whole: it is this server that cannot draw it. */
const WITHOUT_PICTURE: ReadonlySet<string> = new Set([
  'waiting_for_ffmpeg',
  'waiting_for_heif',
  'no_decoder_for_format',
]);

export const image: MediaKind = {
  name: 'image',
  accepts: (detected) => detected.mediaType === 'image',
  async describe(source, context) {
    const said = await readImageMetadata(source);
    const embedded = await keepBlocks(said.blocks, context.scratch);
    const withBlocks = (found: Description): Description =>
      embedded.length === 0 ? found : { ...found, embedded };
    const early = context.early;
    const told: KindContext =
      early === undefined ? context : { ...context, early: (first) => early(withSaid(first, said)) };
    try {
      return withBlocks(withSaid(await describeImage(source, told), said));
    } catch (error) {
      if (!(error instanceof CannotDecode)) throw error;
      if (WITHOUT_PICTURE.has(error.reason)) {
        return withBlocks(withSaid(noPreview(error.reason), said));
      }
      throw error;
    }
  },
};

/** Adds what a camera or a person wrote into the file. */
function withSaid(found: Description, { more, text, title }: SaidInside): Description {
  const facts = {
    ...found.facts,
    ...(title === undefined ? {} : { title }),
    more: { ...found.facts.more, ...more },
  };
  return { ...found, facts, ...(text === '' ? {} : { text: clipText(text) }) };
}

/** Thumbnail first: everything but the large preview comes from its pixels. */
async function describeImage(source: MediaSource, context: KindContext): Promise<Description> {
  const picture = await openPicture(source, context);
  const small = await drawnOrReason(picture, THUMBNAIL_SIDE);
  if (typeof small === 'string') return failed(small, { ...picture.facts, damaged: small === 'damaged' });
  const thumbnail = named(await writeWebp(small, 'thumbnail', context.scratch), picture);
  const first: Description = {
    state: 'ready',
    ...(picture.damaged() ? damagedInPart() : {}),
    facts: await settledFacts(source, picture, small),
    renditions: [thumbnail],
    ...lookOf(small),
  };
  if (!needsPreview(source, first.facts)) return first;
  context.early?.(first);
  context.signal.throwIfAborted();
  const large = await drawnOrReason(picture, PREVIEW_SIDE);
  // What was told early stays true: a card keeps its thumbnail when the large picture is too much.
  if (typeof large === 'string') return first;
  const preview = named(await writeWebp(large, 'preview', context.scratch), picture);
  return { ...first, renditions: [thumbnail, preview] };
}

/** A stated reason is an answer; anything else is an error. */
async function drawnOrReason(picture: OpenPicture, side: number): Promise<Raster | Reason> {
  try {
    return await picture.draw(side);
  } catch (error) {
    if (error instanceof CannotDecode) return error.reason;
    throw error;
  }
}

function needsPreview(source: MediaSource, facts: Facts): boolean {
  const longest = Math.max(facts.width ?? 0, facts.height ?? 0);
  return longest > PREVIEW_SIDE || !DISPLAYABLE.has(source.detected.mime);
}

function named(rendition: MadeRendition, picture: OpenPicture): MadeRendition {
  if (picture.tool === undefined) return rendition;
  return { ...rendition, tool: picture.tool.name, toolVersion: picture.tool.version };
}

/** Replaces "has an alpha channel" by "a pixel really is transparent" and adds what only decoding shows. */
async function settledFacts(source: MediaSource, picture: OpenPicture, small: Raster): Promise<Facts> {
  const { facts } = picture;
  // Rows that are missing look transparent.
  if (picture.damaged()) return { ...facts, transparent: false, damaged: true };
  const transparent =
    facts.transparent === true && (isTransparent(small) || (await hidesTransparency(source, facts)));
  return { ...facts, transparent };
}

/** Shrinking can average a few transparent pixels away: look at all of them where that is cheap. */
async function hidesTransparency(source: MediaSource, facts: Facts): Promise<boolean> {
  const pixels = (facts.width ?? 0) * (facts.height ?? 0);
  const shrunk = Math.max(facts.width ?? 0, facts.height ?? 0) > THUMBNAIL_SIDE;
  if (!shrunk || pixels > EXACT_ALPHA_PIXELS || !DISPLAYABLE.has(source.detected.mime)) return false;
  try {
    const { isOpaque } = await sharp(source.path, { failOn: 'none' }).timeout({ seconds: 8 }).stats();
    return !isOpaque;
  } catch {
    return false;
  }
}

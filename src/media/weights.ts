import sharp from 'sharp';
import type { Description, KindContext, MadeRendition, MediaKind } from './contract.ts';
import { damagedInPart, noPreview } from './outcome.ts';
import { lookOf, THUMBNAIL_SIDE, toRaster, writeWebp } from './picture.ts';
import { readWeightsHeader } from './safetensors.ts';
import { clipText } from './text-clip.ts';
import { weightsFacts } from './weights-facts.ts';
import { kindOfWeights } from './weights-kind.ts';

/** Formats that are programs: loading one runs whatever its maker put inside. */
const PROGRAMS = new Set(['application/x-pickle-weights']);
const MAX_PICTURE = 8 * 1024 * 1024;

/** Model weights: what the header tells. Tensors are never loaded, and formats that can run code are never opened. */
export const weights: MediaKind = {
  name: 'weights',
  accepts: (detected) => detected.mediaType === 'weights',
  async describe(source, context) {
    if (PROGRAMS.has(source.detected.mime)) return noPreview('never_opened');
    if (source.detected.mime !== 'application/x-safetensors') return noPreview('no_preview_for_type');
    const header = await readWeightsHeader(source);
    const { facts, text } = weightsFacts(header);
    const { type } = kindOfWeights(header);
    const found = header.cut ? { ...facts, damaged: true } : facts;
    const picture = await drawPicture(header.metadata['modelspec.thumbnail'], context);
    const base = picture === null ? noPreview('no_picture', found) : { ...picture, facts: found };
    return {
      ...base,
      ...(header.cut ? damagedInPart() : {}),
      ...(text === '' ? {} : { text: clipText(text) }),
      // A file that is no adapter is not called one because of its family.
      suggestedType: type ?? 'other',
    };
  },
};

/** The example picture that some trainers put into the header, as a data address. */
async function drawPicture(address: string | undefined, context: KindContext): Promise<Description | null> {
  const data = /^data:image\/(?:jpe?g|png|webp|gif);base64,([A-Za-z0-9+/=\s]+)$/.exec(
    address?.slice(0, MAX_PICTURE) ?? '',
  );
  if (data?.[1] === undefined) return null;
  try {
    const raster = await toRaster(
      sharp(Buffer.from(data[1], 'base64'), { limitInputPixels: 50e6 })
        .timeout({ seconds: 5 })
        .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true }),
    );
    const thumbnail: MadeRendition = await writeWebp(raster, 'thumbnail', context.scratch);
    return { state: 'ready', facts: {}, renditions: [thumbnail], ...lookOf(raster) };
  } catch {
    return null;
  }
}

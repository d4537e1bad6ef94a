import type { IAudioMetadata, IPicture } from 'music-metadata';
import sharp from 'sharp';
import type { Description, Facts, KindContext, MadeRendition, MediaKind, MediaSource } from './contract.ts';
import { knownOnly, MAX_SECONDS, moreFacts, rounded, sane } from './finite.ts';
import { isCutShort } from './intact.ts';
import { oneLine } from './one-line.ts';
import { CannotDecode, damagedInPart, noPreview } from './outcome.ts';
import { lookOf, THUMBNAIL_SIDE, toRaster, writeWebp } from './picture.ts';
import { readSound } from './sound.ts';
import { drawWaveform, type Waveform, writePeaks } from './waveform.ts';

export const audio: MediaKind = {
  name: 'audio',
  accepts: (detected) => detected.mediaType === 'audio',
  async describe(source, context) {
    const tags = await readTags(source);
    const cut = await isCutShort(source.path, source.size);
    const facts: Facts = {
      ...(tags === null ? {} : factsOf(tags, source.size)),
      ...(cut ? { damaged: true } : {}),
    };
    context.signal.throwIfAborted();
    const sound = await readSound(source, context, facts);
    if (tags === null && sound === null && context.tools.ffmpeg !== null) throw new CannotDecode('damaged');
    const cover = await drawCover(tags?.common.picture ?? [], context.scratch);
    const heard = sound === null ? facts : { ...facts, more: { ...facts.more, ...sound.more } };
    return finish({ facts: heard, waveform: sound?.waveform ?? null, cover }, context);
  },
};

interface Cover {
  readonly thumbnail: MadeRendition;
  readonly look: Pick<Description, 'placeholder' | 'palette' | 'dctHash' | 'differenceHash'>;
}

interface Parts {
  readonly facts: Facts;
  readonly waveform: Waveform | null;
  readonly cover: Cover | null;
}

async function finish({ facts, waveform, cover }: Parts, context: KindContext): Promise<Description> {
  if (waveform === null && cover === null) {
    return noPreview(context.tools.ffmpeg === null ? 'waiting_for_ffmpeg' : 'no_picture', facts);
  }
  const peaks = waveform === null ? [] : [await writePeaks(waveform, context.scratch)];
  const thumbnail = cover?.thumbnail ?? (waveform === null ? null : await drawn(waveform, context.scratch));
  return {
    state: 'ready',
    ...(facts.damaged ? damagedInPart() : {}),
    facts,
    renditions: [...(thumbnail === null ? [] : [thumbnail]), ...peaks],
    ...cover?.look,
  };
}

function drawn(waveform: Waveform, scratch: string): Promise<MadeRendition> {
  return writeWebp(drawWaveform(waveform), 'thumbnail', scratch);
}

/** Tags and technical facts; null when no container is found, because garbage gives an empty answer, not an error. */
async function readTags(source: MediaSource): Promise<IAudioMetadata | null> {
  try {
    // Loaded on first use: most files are pictures.
    const { parseFile } = await import('music-metadata');
    const tags = await parseFile(source.path, { duration: true, skipPostHeaders: false });
    return tags.format.container === undefined ? null : tags;
  } catch {
    return null;
  }
}

function factsOf({ format, common }: IAudioMetadata, size: number): Facts {
  const duration = rounded(sane(format.duration, MAX_SECONDS));
  const average = duration === undefined ? undefined : (size * 8) / duration;
  return knownOnly<Facts>({
    duration,
    audioCodec: oneLine(format.codec),
    channels: sane(format.numberOfChannels, 256),
    sampleRate: sane(format.sampleRate, 1e7),
    bitRate: rounded(sane(format.bitrate, 1e12) ?? sane(average, 1e12), 0),
    title: oneLine(common.title),
    artist: oneLine(common.artist),
    album: oneLine(common.album),
    more: moreOf(format, common),
  });
}

function moreOf(
  format: IAudioMetadata['format'],
  common: IAudioMetadata['common'],
): NonNullable<Facts['more']> {
  return moreFacts({
    lossless: format.lossless,
    bitsPerSample: sane(format.bitsPerSample, 64),
    tempo: sane(common.bpm, 1000),
    genre: oneLine(common.genre?.[0]),
    year: sane(common.year, 9999),
  });
}

async function drawCover(pictures: readonly IPicture[], scratch: string): Promise<Cover | null> {
  const front = pictures.find((picture) => /front/i.test(picture.type ?? '')) ?? pictures[0];
  if (front === undefined || !/^image\/(jpe?g|png|gif|webp)$/i.test(front.format)) return null;
  try {
    const raster = await toRaster(
      sharp(front.data, { limitInputPixels: 50e6 })
        .timeout({ seconds: 5 })
        .autoOrient()
        .resize(THUMBNAIL_SIDE, THUMBNAIL_SIDE, { fit: 'inside', withoutEnlargement: true }),
    );
    return { thumbnail: await writeWebp(raster, 'thumbnail', scratch), look: lookOf(raster) };
  } catch {
    return null;
  }
}

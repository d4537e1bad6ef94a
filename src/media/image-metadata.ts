import { open } from 'node:fs/promises';
import type { EmbeddedBlock } from '../domain/recipe.ts';
import type { Facts, MediaSource } from './contract.ts';
import { embeddedBlocks } from './embedded.ts';
import { moreFacts, sane } from './finite.ts';
import { oneLine } from './one-line.ts';
import { recordOf } from './record.ts';

/** Metadata stands near the start of nearly every file; whatever lies beyond is left out. */
const READ_BYTES = 32 * 1024 * 1024;
const MOST_KEYWORDS = 60;

type Group = Readonly<Record<string, unknown>>;

/** What a camera or a person wrote into a picture. */
export interface SaidInside {
  readonly more: NonNullable<Facts['more']>;
  /** Caption, keywords, names and places, for search. */
  readonly text: string;
  readonly title?: string;
  /** Pieces in which a generator may have written. */
  readonly blocks: readonly EmbeddedBlock[];
}

const NOTHING: SaidInside = { more: {}, text: '', blocks: [] };

/** Reads EXIF, IPTC and XMP; empty when there is none or it is broken, which damages no picture. */
export async function readImageMetadata(source: MediaSource): Promise<SaidInside> {
  if (source.detected.mime === 'image/svg+xml' || source.detected.mime === 'image/bmp') return NOTHING;
  try {
    // Loaded on first use.
    const { default: reader } = await import('exifreader');
    const file = await open(source.path, 'r');
    try {
      const length = Math.min(source.size, READ_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 0);
      const bytes = buffer.subarray(0, bytesRead);
      const tags = tagsOf(() => reader.load(bytes, { expanded: true }));
      return { ...saidIn(tags), blocks: await embeddedBlocks(source, { file, bytes, tags }) };
    } finally {
      await file.close();
    }
  } catch {
    return NOTHING;
  }
}

/** Files without any such metadata are refused by the reader, and may carry a recipe all the same. */
function tagsOf(load: () => unknown): Group {
  try {
    return recordOf(load());
  } catch {
    return {};
  }
}

function saidIn(tags: Group): Omit<SaidInside, 'blocks'> {
  const [exif, iptc, xmp] = [recordOf(tags['exif']), recordOf(tags['iptc']), recordOf(tags['xmp'])];
  const caption =
    word(xmp['description'], 2000) ??
    word(iptc['Caption/Abstract'], 2000) ??
    word(exif['ImageDescription'], 2000);
  const keywords = listOf(xmp['subject']) ?? listOf(iptc['Keywords']);
  const title = word(xmp['title']) ?? word(iptc['Object Name']) ?? word(iptc['Headline']);
  const named = {
    caption,
    keywords: oneLine(keywords?.join(', '), 1500),
    creator: word(xmp['creator']) ?? word(iptc['By-line']) ?? word(exif['Artist']),
    copyright: word(xmp['rights']) ?? word(iptc['Copyright Notice']) ?? word(exif['Copyright']),
    credit: word(xmp['Credit']) ?? word(iptc['Credit']),
    usageTerms: word(xmp['UsageTerms']),
    place: placeOf(iptc, xmp),
  };
  const camera = cameraOf(exif);
  const more = moreFacts({
    ...named,
    camera,
    lens: word(exif['LensModel']) ?? word(xmp['Lens']),
    ...exposureOf(exif),
    taken: timeOf(exif),
    ...positionOf(recordOf(tags['gps'])),
    software: word(exif['Software']) ?? word(xmp['CreatorTool']),
    madeBy: sourceOf(word(xmp['DigitalSourceType'])),
    colourProfile: word(recordOf(tags['icc'])['ICC Description']),
  });
  const text = [title, ...Object.values(named), camera, more['lens']].filter(Boolean).join('\n');
  return { more, text, ...(title === undefined ? {} : { title }) };
}

/** The readable form of one tag. */
function word(tag: unknown, max?: number): string | undefined {
  if (Array.isArray(tag)) return word(tag[0], max);
  const { description, value } = recordOf(tag);
  const number = typeof value === 'number' && Number.isFinite(value) ? String(value) : undefined;
  return oneLine(description, max) ?? oneLine(value, max) ?? number;
}

/** Keywords come as one tag each, as a list in one tag, or as one line with commas. */
function listOf(tag: unknown): string[] | undefined {
  const parts = Array.isArray(tag) ? tag : recordOf(tag)['value'];
  const words = Array.isArray(parts)
    ? parts.map((part) => word(part, 100) ?? oneLine(part, 100))
    : (word(tag, 2000)?.split(/\s*[,;]\s*/) ?? []);
  const known = words.filter((one): one is string => one !== undefined && one !== '');
  return known.length === 0 ? undefined : [...new Set(known)].slice(0, MOST_KEYWORDS);
}

/** The maker's name is often repeated in the model. */
function cameraOf(exif: Group): string | undefined {
  const [make, model] = ['Make', 'Model'].map((name) => {
    const said = word(exif[name], 80);
    // Generators keep their graphs in these two fields; no camera is called so.
    return said !== undefined && /^(prompt|workflow):/i.test(said) ? undefined : said;
  });
  if (make === undefined || model === undefined) return model ?? make;
  const first = make.split(' ')[0] ?? make;
  return model.toLowerCase().startsWith(first.toLowerCase()) ? model : `${make} ${model}`;
}

function exposureOf(exif: Group): Record<string, string | number | undefined> {
  const seconds = word(exif['ExposureTime'], 20);
  const equivalent = sane(recordOf(exif['FocalLengthIn35mmFilm'])['value'], 10_000);
  const focal = word(exif['FocalLength'], 20);
  return {
    exposure: seconds === undefined ? undefined : `${seconds} s`,
    aperture: word(exif['FNumber'], 20),
    iso: sane(word(exif['ISOSpeedRatings']) ?? word(exif['PhotographicSensitivity']), 1e8),
    focalLength:
      focal === undefined || equivalent === undefined ? focal : `${focal} (${equivalent} mm equivalent)`,
    flash: /^flash fired/i.test(word(exif['Flash']) ?? '') ? 'Fired' : undefined,
  };
}

/** `2022:08:22 20:30:46` with its offset, where the camera knew one, as people write it. */
function timeOf(exif: Group): string | undefined {
  const said = word(exif['DateTimeOriginal'], 40) ?? word(exif['DateTimeDigitized'], 40);
  const parts = /^(\d{4}):(\d\d):(\d\d) (\d\d:\d\d:\d\d)/.exec(said ?? '');
  if (parts === null || parts[1] === '0000') return undefined;
  const zone = /^[+-]\d\d:\d\d$/.exec(word(exif['OffsetTimeOriginal'], 10) ?? '')?.[0];
  return `${parts[1]}-${parts[2]}-${parts[3]} ${parts[4]}${zone === undefined ? '' : ` ${zone}`}`;
}

function placeOf(iptc: Group, xmp: Group): string | undefined {
  const parts = [
    word(iptc['Sub-location']) ?? word(xmp['Location']),
    word(iptc['City']) ?? word(xmp['City']),
    word(iptc['Province/State']) ?? word(xmp['State']),
    word(iptc['Country/Primary Location Name']) ?? word(xmp['Country']),
  ];
  return oneLine(parts.filter((part) => part !== undefined).join(', '));
}

/** Degrees; a camera without a fix writes two zeros. */
function positionOf(gps: Group): Record<string, number | undefined> {
  const angle = (value: unknown, max: number): number | undefined =>
    typeof value === 'number' && Math.abs(value) <= max ? Number(value.toFixed(6)) : undefined;
  const latitude = angle(gps['Latitude'], 90);
  const longitude = angle(gps['Longitude'], 180);
  if (latitude === undefined || longitude === undefined || (latitude === 0 && longitude === 0)) return {};
  return { latitude, longitude };
}

/** The IPTC vocabulary of how a picture came to be; only what matters for trust is put into words. */
function sourceOf(address: string | undefined): string | undefined {
  const name = address?.split('/').at(-1);
  const words: Readonly<Record<string, string>> = {
    trainedAlgorithmicMedia: 'Generative AI (as stated in the file)',
    compositeWithTrainedAlgorithmicMedia: 'Partly generative AI (as stated in the file)',
    algorithmicMedia: 'Algorithm (as stated in the file)',
    digitalCapture: 'Camera (as stated in the file)',
  };
  return name === undefined ? undefined : words[name];
}

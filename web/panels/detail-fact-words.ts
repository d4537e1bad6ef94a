import { formatCount, titleCase } from '../i18n/format.ts';

/** Facts of the bytes that have a line of their own, or say nothing when they are so. */
const SAID_ELSEWHERE = new Set(
  (
    'width height duration transparent unit latitude longitude keywords triggerWords trainedTags ' +
    // How a strip is cut and a picture turned is for programs.
    'storyboardTiles storyboardTileWidth orientation'
  ).split(' '),
);
const DULL: Readonly<Record<string, unknown>> = { frames: 1, animated: false, damaged: false };

/** Codecs by the names that people know. */
const CODECS: Readonly<Record<string, string>> = {
  avc: 'H.264',
  h264: 'H.264',
  hevc: 'H.265',
  av1: 'AV1',
  vp8: 'VP8',
  vp9: 'VP9',
  mpeg4: 'MPEG-4',
  prores: 'ProRes',
  aac: 'AAC',
  mp3: 'MP3',
  opus: 'Opus',
  vorbis: 'Vorbis',
  flac: 'FLAC',
  alac: 'ALAC',
  ac3: 'AC-3',
};
const codec = (name: string) => CODECS[name.toLowerCase()] ?? (/^pcm/i.test(name) ? 'PCM' : name);
const WORDS: Readonly<Record<string, (value: string) => string>> = {
  audioCodec: codec,
  videoCodec: codec,
  colourSpace: (name) => ({ srgb: 'sRGB', rgb16: 'RGB, 16 bit', cmyk: 'CMYK', 'b-w': 'Grey' })[name] ?? name,
  lutFormat: (name) => (name === 'cube' ? '.cube' : name),
};

const SPEAKERS: Readonly<Record<number, string>> = { 1: 'Mono', 2: 'Stereo', 6: '5.1', 8: '7.1' };

const UNITS: Readonly<Record<string, (value: number) => string>> = {
  bitRate: (value) =>
    value >= 1e6 ? `${(value / 1e6).toFixed(2)} Mbit/s` : `${Math.round(value / 1000)} kbit/s`,
  sampleRate: (value) => `${value / 1000} kHz`,
  frameRate: (value) => `${Number(value.toFixed(3))} fps`,
  channels: (value) => SPEAKERS[value] ?? formatCount(value),
  density: (value) => `${value} dpi`,
  bitsPerSample: (value) => `${value} bit`,
  loudness: (value) => `${value.toFixed(1)} LUFS`,
  loudnessRange: (value) => `${value.toFixed(1)} LU`,
  peakLevel: (value) => `${value.toFixed(1)} dBFS`,
  tempo: (value) => `${value} BPM`,
  tempoEstimate: (value) => `about ${value} BPM`,
  year: (value) => String(value),
};

/** Facts that belong together, in the order in which they are shown below the plain ones. */
const GROUPS: readonly { readonly title: string; readonly keys: readonly string[] }[] = [
  {
    title: 'Camera',
    keys: [
      'camera',
      'lens',
      'exposure',
      'aperture',
      'iso',
      'focalLength',
      'flash',
      'taken',
      'place',
      'position',
    ],
  },
  {
    title: 'Sound',
    keys: ['loudness', 'loudnessRange', 'peakLevel', 'tempo', 'tempoEstimate', 'sampleRate'],
  },
  {
    title: 'Weights',
    keys: [
      'weightsKind',
      'baseModel',
      'rank',
      'networkAlpha',
      'numberType',
      'parameters',
      'tensors',
      'clipSkip',
      'usageHint',
      'tensorHash',
    ],
  },
  { title: 'Training', keys: ['trainedOn', 'trainingPictures', 'trainingSteps', 'epochs', 'resolution'] },
  {
    title: 'Rights',
    keys: [
      'creator',
      'copyright',
      'credit',
      'usageTerms',
      'licence',
      'licenceAddress',
      'embedding',
      'madeBy',
    ],
  },
];

/** Groups that have a part of their own in the details of weights. */
export const WEIGHT_GROUPS: ReadonlySet<string> = new Set(['Weights', 'Training']);

const LABELS: Readonly<Record<string, string>> = {
  colourSpace: 'Colour space',
  bitRate: 'Bit rate',
  audioCodec: 'Audio codec',
  videoCodec: 'Video codec',
  bitsPerSample: 'Bit depth',
  extent: 'Size of the model',
  iso: 'ISO',
  fontWidth: 'Width',
  licenceAddress: 'Licence address',
  lutFormat: 'Format',
  weightsKind: 'Kind',
  presetKind: 'Kind',
  numberType: 'Precision',
  tempoEstimate: 'Tempo',
};

export interface FactLine {
  readonly label: string;
  readonly value: string;
}

/** What the bytes say, as label and text; nested facts (`more`) follow on the same level. */
export function byteFacts(facts: Readonly<Record<string, unknown>>): FactLine[] {
  const grouped = new Set(GROUPS.flatMap(({ keys }) => keys));
  const all = flat(facts);
  // Those of a picture are its red, green and blue.
  const isSound = all['sampleRate'] !== undefined || all['audioCodec'] !== undefined;
  return linesOf(Object.entries(all).filter(([key]) => !grouped.has(key) && (isSound || key !== 'channels')));
}

/** The facts that belong together; a group without any is left out. */
export function factGroups(
  facts: Readonly<Record<string, unknown>>,
): { readonly title: string; readonly lines: readonly FactLine[] }[] {
  const all = flat(facts);
  const known: Readonly<Record<string, unknown>> = { ...all, position: positionOf(all) };
  return GROUPS.map(({ title, keys }) => ({
    title,
    lines: linesOf(keys.map((key) => [key, known[key]])),
  })).filter(({ lines }) => lines.length > 0);
}

/** Words that a file lists about itself, to be copied or searched one by one. */
export function wordFacts(facts: Readonly<Record<string, unknown>>): {
  readonly title: string;
  readonly words: readonly string[];
}[] {
  const all = flat(facts);
  const lists = { 'Trigger words': 'triggerWords', 'Trained on': 'trainedTags', Keywords: 'keywords' };
  return Object.entries(lists).flatMap(([title, key]) => {
    const said = all[key];
    const words =
      typeof said === 'string' ? [...new Set(said.split(/\s*,\s*/))].filter((word) => word !== '') : [];
    return words.length === 0 ? [] : [{ title, words }];
  });
}

function flat(facts: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const { more, ...rest } = facts;
  return { ...rest, ...(isRecord(more) ? more : {}) };
}

function linesOf(entries: readonly (readonly [string, unknown])[]): FactLine[] {
  return entries.flatMap(([key, value]) => {
    if (SAID_ELSEWHERE.has(key) || DULL[key] === value) return [];
    const text = factText(key, value);
    return text === null ? [] : [{ label: LABELS[key] ?? titleCase(splitWords(key)), value: text }];
  });
}

/** `38.708333° N, 9.133333° W` */
function positionOf({ latitude, longitude }: Readonly<Record<string, unknown>>): string | undefined {
  if (typeof latitude !== 'number' || typeof longitude !== 'number') return undefined;
  return `${Math.abs(latitude)}° ${latitude < 0 ? 'S' : 'N'}, ${Math.abs(longitude)}° ${longitude < 0 ? 'W' : 'E'}`;
}

/** Readable form of one fact; null for what is nested too deep for a line. */
export function factText(key: string, value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : (WORDS[key]?.(value) ?? value);
  if (typeof value === 'number')
    return UNITS[key]?.(value) ?? (Number.isInteger(value) ? formatCount(value) : value.toFixed(2));
  if (typeof value === 'boolean') return value ? 'Yes' : 'No';
  if (Array.isArray(value)) {
    const parts = value.map((part) => factText(key, part));
    return parts.length === 0 || parts.includes(null) ? null : parts.join(', ');
  }
  return null;
}

/** Unit in which width and height are given: pages are measured in points. */
export function sizeUnit(facts: Readonly<Record<string, unknown>>): string {
  const more = facts['more'];
  return isRecord(more) && more['unit'] === 'points' ? 'pt' : 'px';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function splitWords(key: string): string {
  return key.replace(/([a-z\d])([A-Z])/g, '$1 $2').toLowerCase();
}

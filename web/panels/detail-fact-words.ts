import { formatCount, titleCase } from '../i18n/format.ts';

/** Facts of the bytes that have a line of their own, or say nothing when they are so. */
const SAID_ELSEWHERE = new Set(['width', 'height', 'duration', 'transparent', 'unit']);
const DULL: Readonly<Record<string, unknown>> = { frames: 1, animated: false, damaged: false };

const UNITS: Readonly<Record<string, (value: number) => string>> = {
  bitRate: (value) =>
    value >= 1e6 ? `${(value / 1e6).toFixed(2)} Mbit/s` : `${Math.round(value / 1000)} kbit/s`,
  sampleRate: (value) => `${value / 1000} kHz`,
  frameRate: (value) => `${Number(value.toFixed(3))} frames/s`,
  density: (value) => `${value} dpi`,
  bitsPerSample: (value) => `${value} bit`,
  loudness: (value) => `${value.toFixed(1)} LUFS`,
  loudnessRange: (value) => `${value.toFixed(1)} LU`,
  peakLevel: (value) => `${value.toFixed(1)} dBFS`,
  tempo: (value) => `${value} BPM`,
  tempoEstimate: (value) => `about ${value} BPM`,
  latitude: (value) => `${value}°`,
  longitude: (value) => `${value}°`,
  year: (value) => String(value),
};

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
  weightsKind: 'Kind of weights',
  tempoEstimate: 'Tempo',
};

/** What the bytes say, as label and text; nested facts (`more`) follow on the same level. */
export function byteFacts(facts: Readonly<Record<string, unknown>>): { label: string; value: string }[] {
  const lines: { label: string; value: string }[] = [];
  for (const [key, value] of Object.entries(facts)) {
    if (key === 'more' && isRecord(value)) {
      lines.push(...byteFacts(value));
      continue;
    }
    if (SAID_ELSEWHERE.has(key) || DULL[key] === value) continue;
    const text = factText(key, value);
    if (text !== null) lines.push({ label: LABELS[key] ?? titleCase(splitWords(key)), value: text });
  }
  return lines;
}

/** Readable form of one fact; null for what is nested too deep for a line. */
export function factText(key: string, value: unknown): string | null {
  if (typeof value === 'string') return value === '' ? null : value;
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

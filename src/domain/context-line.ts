/** What a context line is made of. Unknown is null, empty or absent. */
export interface ContextAsset {
  readonly id: string;
  readonly name: string;
  readonly mediaType: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly mood?: readonly string[];
  readonly hasPeople?: boolean | null;
  readonly width: number | null;
  readonly height: number | null;
  /** Seconds. */
  readonly duration: number | null;
}

const MOST_LETTERS = 400;
/** Media in which people can be seen; of a sound or a font nobody asks. */
const SEEN = new Set(['image', 'video']);

/**
 * One line that tells a language model what an asset is (U5): the same asset gives the same bytes, on every machine and in
 * every language setting. Names and texts are data: none can end the line, begin a new field or forge one.
 */
export function contextLine(asset: ContextAsset): string {
  const tags = asset.tags.map(part).filter((tag) => tag !== '');
  const moods = (asset.mood ?? []).map(part).filter((mood) => mood !== '');
  const parts = [
    `${part(asset.id)}: ${clip(part(asset.description) || part(asset.name)) || 'no description'}`,
    ...(tags.length === 0 ? [] : [`Tags: ${tags.join(', ')}`]),
    ...(moods.length === 0 ? [] : [`Mood: ${moods.join(', ')}`]),
    ...(SEEN.has(asset.mediaType) ? [`Has People: ${people(asset.hasPeople)}`] : []),
    ...measure(asset),
  ];
  return parts.join(' | ');
}

function people(has: boolean | null | undefined): string {
  if (has === undefined || has === null) return 'unknown';
  return has ? 'yes' : 'no';
}

function measure({ width, height, duration }: ContextAsset): string[] {
  const size = isFigure(width) && isFigure(height) ? [`${Math.round(width)}x${Math.round(height)}`] : [];
  return isFigure(duration) ? [...size, `${seconds(duration)} s`] : size;
}

function isFigure(value: number | null): value is number {
  return value !== null && Number.isFinite(value) && value >= 0;
}

/** One decimal below a minute, where it tells a sting from a loop. */
function seconds(duration: number): string {
  return duration < 60 ? String(Math.round(duration * 10) / 10) : String(Math.round(duration));
}

const UNSEEN = /[\p{C}\p{Zl}\p{Zp}]+/gu;

/** A text as one part: nothing that breaks a line, hides or turns letters; a bar would part the fields. */
function part(text: string): string {
  return text.normalize('NFC').replace(UNSEEN, ' ').replaceAll('|', '/').replace(/\s+/gu, ' ').trim();
}

function clip(text: string): string {
  const letters = [...text];
  return letters.length <= MOST_LETTERS
    ? text
    : `${letters
        .slice(0, MOST_LETTERS - 1)
        .join('')
        .trimEnd()}…`;
}

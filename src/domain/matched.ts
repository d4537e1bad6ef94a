import { idWord } from './ids.ts';
import type { TextQuery } from './search-query.ts';

/** Where words of a search can be found, the most telling first. */
export const MATCH_FIELDS = [
  'id',
  'name',
  'tags',
  'description',
  'sceneHint',
  'product',
  'campaign',
  'mood',
  'style',
  'custom',
  'prompt',
  'fileName',
  'text',
] as const;
export type MatchField = (typeof MATCH_FIELDS)[number];

/** Why an asset was found: the field, a short piece of it, and the range of the match inside the piece. */
export interface Matched {
  readonly field: MatchField;
  readonly excerpt: string;
  readonly start: number;
  readonly end: number;
}

/** Letters of context before and after a match. */
const BEFORE = 24;
const LONGEST = 96;

/** The field that holds most of the words, the earlier one of equals; null when none shows any of them. */
export function matchOf(
  text: TextQuery,
  fields: Readonly<Partial<Record<MatchField, string>>>,
): Matched | null {
  if (text.kind === 'none') return null;
  if (text.kind === 'id') return { field: 'id', excerpt: text.id, start: 0, end: text.id.length };
  const id = fields.id ?? '';
  if (text.kind === 'words' && text.idStart !== undefined && idWord(id).startsWith(`ast${text.idStart}`)) {
    return { field: 'id', excerpt: id, start: 0, end: 'AST-'.length + text.idStart.length };
  }
  const words = text.kind === 'short' ? [text.start] : text.words;
  let best: (Matched & { readonly found: number }) | null = null;
  for (const field of MATCH_FIELDS) {
    if (field === 'id') continue;
    const value = fields[field] ?? '';
    const places = words
      .map((word) => placeOf(value, word, text.kind === 'short'))
      .filter((at) => at !== null);
    const [first] = places;
    if (first === undefined || places.length <= (best?.found ?? 0)) continue;
    best = { field, ...excerptOf(value, first), found: places.length };
  }
  if (best === null) return null;
  const { found: _, ...matched } = best;
  return matched;
}

interface Place {
  readonly at: number;
  readonly length: number;
}

const LETTER = /[\p{L}\p{N}\p{M}]/u;

/** The first place of a word, where one begins with it rather than inside another. */
function placeOf(value: string, word: string, onlyStarts: boolean): Place | null {
  const lower = value.toLowerCase();
  // Few letters change their length in lower case; then places would be off, and the piece alone must do.
  if (lower.length !== value.length) return lower.includes(word) ? { at: 0, length: 0 } : null;
  let inside: Place | null = null;
  for (let at = lower.indexOf(word); at >= 0; at = lower.indexOf(word, at + 1)) {
    if (at === 0 || !LETTER.test(value.charAt(at - 1))) return { at, length: word.length };
    inside ??= { at, length: word.length };
  }
  return onlyStarts ? null : inside;
}

/** A piece on one line round a place. */
function excerptOf(value: string, { at, length }: Place): Omit<Matched, 'field'> {
  const from = at <= BEFORE ? 0 : startOfWord(value, at - BEFORE);
  const to = Math.min(value.length, from + LONGEST);
  const lead = from > 0 ? '…' : '';
  const piece = value.slice(from, to).replaceAll(/\s/g, ' ');
  const start = lead.length + at - from;
  return {
    excerpt: `${lead}${piece}${to < value.length ? '…' : ''}`,
    start,
    end: Math.min(start + length, lead.length + piece.length),
  };
}

function startOfWord(value: string, at: number): number {
  const blank = value.slice(at, at + BEFORE).search(/\s/);
  const from = blank < 0 ? at : at + blank + 1;
  // Never between the halves of one letter.
  return /[\udc00-\udfff]/.test(value.charAt(from)) ? from + 1 : from;
}

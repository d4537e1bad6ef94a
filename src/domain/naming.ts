import { Failure } from './failures.ts';

/** Bytes of UTF-8 that one name may have; file systems and archives agree on this limit. */
export const NAME_MAX_BYTES = 255;
export const TAG_MAX_CHARACTERS = 64;
export const TAGS_MAX = 200;
export const LABEL_MAX_CHARACTERS = 100;
export const CUSTOM_MAX = 50;

/* C0 and C1 controls, line and paragraph separators, and the bidirectional overrides that disguise an ending. */
const FORBIDDEN = /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/gu;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** NFC, without controls, overrides and lone surrogates; white space folded. Emoji and right-to-left letters stay. */
export function cleanText(text: string): string {
  return text
    .replace(LONE_SURROGATE, '')
    .replace(FORBIDDEN, ' ')
    .normalize('NFC')
    .replace(/\s+/gu, ' ')
    .trim();
}

/** Several lines are allowed; other controls are not. */
export function cleanParagraph(text: string): string {
  return text.replaceAll('\r\n', '\n').split('\n').map(cleanText).join('\n').trim();
}

/**
 * The last part of whatever path a client sent, as text that is only ever shown, never used as a path.
 * Names over the limit are shortened in the middle of the stem, so that the ending stays.
 */
export function cleanFileName(raw: string): string {
  const last = cleanText(
    raw
      .replaceAll('\\', '/')
      .split('/')
      .findLast((part) => part.trim() !== '') ?? '',
  );
  if (last === '' || last === '.' || last === '..') throw new Failure('bad_name');
  return clipBytes(last);
}

function clipBytes(name: string): string {
  if (Buffer.byteLength(name) <= NAME_MAX_BYTES) return name;
  const dot = name.lastIndexOf('.');
  const ending = dot > 0 && name.length - dot <= 12 ? name.slice(dot) : '';
  let stem = '';
  let room = NAME_MAX_BYTES - Buffer.byteLength(`…${ending}`);
  for (const character of name.slice(0, name.length - ending.length)) {
    room -= Buffer.byteLength(character);
    if (room < 0) break;
    stem += character;
  }
  return `${stem}…${ending}`;
}

/** The name people see first: the file's name without its ending, underscores as spaces. */
export function nameFromFile(fileName: string): string {
  const dot = fileName.lastIndexOf('.');
  const stem = dot > 0 ? fileName.slice(0, dot) : fileName;
  return cleanText(stem.replaceAll('_', ' ')) || fileName;
}

export function cleanName(raw: string): string {
  const name = cleanText(raw);
  if (name === '' || Buffer.byteLength(name) > NAME_MAX_BYTES) throw new Failure('bad_name');
  return name;
}

/** Tags are lower case, without commas or bars (which part them in lists), unique, in the order given. */
export function cleanTags(raw: readonly string[]): string[] {
  const tags = raw
    .map((tag) => cleanText(tag.toLowerCase().replace(/[,|]+/g, ' ')))
    .filter((tag) => tag !== '');
  const unique = [...new Set(tags)];
  if (unique.length > TAGS_MAX) {
    throw new Failure('too_many', { message: `An asset may have at most ${TAGS_MAX} tags.` });
  }
  const long = unique.find((tag) => [...tag].length > TAG_MAX_CHARACTERS);
  if (long !== undefined) {
    throw new Failure('invalid_input', {
      message: `A tag may have at most ${TAG_MAX_CHARACTERS} characters.`,
      details: { tag: long.slice(0, 80) },
    });
  }
  return unique;
}

/** A product or campaign: one line without the marks that part lists; case stays. A lone dash means none. */
export function cleanLabel(raw: string): string {
  const label = cleanText(raw.replace(/[,|]+/g, ' '));
  if ([...label].length > LABEL_MAX_CHARACTERS) {
    throw new Failure('invalid_input', {
      message: `A product or campaign may have at most ${LABEL_MAX_CHARACTERS} characters.`,
      details: { label: label.slice(0, 80) },
    });
  }
  return label === '-' ? '' : label;
}

/** Custom fields: one-line names, values of several lines. An empty value takes the field away, like null. */
export function cleanCustom(raw: Readonly<Record<string, string | null>>): Record<string, string | null> {
  const fields = Object.entries(raw).map(([key, value]): [string, string | null] => {
    const text = value === null ? '' : cleanParagraph(value);
    return [cleanText(key), text === '' ? null : text];
  });
  if (fields.some(([key]) => key === '')) {
    throw new Failure('invalid_input', {
      message: 'A custom field needs a name.',
      details: { field: 'custom' },
    });
  }
  return Object.fromEntries(fields);
}

import { cleanText } from './naming.ts';

/** What no common file system takes in a name, and what would make a path of one. */
const UNSAFE = /[/\\:*?"<>|]/g;
const RESERVED = /^(con|prn|aux|nul|com\d|lpt\d)(?=\.|$)/i;
const ENDING = /(?<=.)\.[a-z\d][\w-]{0,14}$/i;
/** Bytes of UTF-8: room is left for the mark that makes a name unique. */
const MOST_BYTES = 200;

/** An asset's name with the ending of its file, as every system can unpack it. */
export function archiveName(name: string, fileName: string): string {
  const ending = ENDING.exec(fileName)?.[0] ?? '';
  const whole = safe(name);
  const stem = whole.toLowerCase().endsWith(ending.toLowerCase())
    ? whole.slice(0, whole.length - ending.length)
    : whole;
  return `${clip(trimmed(stem)) || 'file'}${ending}`;
}

function safe(text: string): string {
  return cleanText(text.replace(UNSAFE, '_')).replace(RESERVED, '_$1');
}

/** Windows drops dots and spaces at the end, and a leading dot hides a file. */
function trimmed(stem: string): string {
  return stem.replace(/^[.\s]+|[.\s]+$/g, '');
}

function clip(stem: string): string {
  let room = MOST_BYTES;
  let kept = '';
  for (const letter of stem) {
    room -= Buffer.byteLength(letter);
    if (room < 0) break;
    kept += letter;
  }
  return kept;
}

/** Gives each name once; a second one of the same letters, in upper or lower case, gets a number. */
export class UniqueNames {
  readonly #taken = new Map<string, number>();

  add(name: string): string {
    const dot = name.lastIndexOf('.');
    const at = dot > 0 ? dot : name.length;
    for (let n = this.#taken.get(key(name)) ?? 1; ; n += 1) {
      const tried = n === 1 ? name : `${name.slice(0, at)} (${n})${name.slice(at)}`;
      if (n > 1 && this.#taken.has(key(tried))) continue;
      this.#taken.set(key(name), n + 1);
      if (n > 1) this.#taken.set(key(tried), 2);
      return tried;
    }
  }
}

/** Systems that fold case may fold letters as well. */
function key(name: string): string {
  return name.normalize('NFKC').toLowerCase();
}

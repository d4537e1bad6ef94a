export type Group = Readonly<Record<string, unknown>>;

/**
 * JSON as generators write it: Python adds `NaN`, and seeds have more digits than a JavaScript number holds, so long
 * integers come out as text. Undefined when it is none.
 */
export function readJson(text: string): unknown {
  const start = text.trimStart()[0];
  if (start !== '{' && start !== '[' && start !== '"') return undefined;
  try {
    return JSON.parse(/\d{16}|NaN|Infinity/.test(text) ? tamed(text) : text) as unknown;
  } catch {
    return undefined;
  }
}

const DIGIT = /[-\d.eE+]/;

/** Quotes long integers and empties `NaN` and `Infinity`, outside of strings only. */
function tamed(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = 0; at < text.length;) {
    const letter = text.charAt(at);
    if (letter === '"') {
      at = endOfString(text, at);
      continue;
    }
    const word = letter === '-' || (letter >= '0' && letter <= '9') ? numberAt(text, at) : wordAt(text, at);
    const instead = replacementOf(word);
    if (instead !== null) {
      parts.push(text.slice(from, at), instead);
      from = at + word.length;
    }
    at += Math.max(1, word.length);
  }
  return parts.join('') + text.slice(from);
}

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charAt(at) !== '"') at += text.charAt(at) === '\\' ? 2 : 1;
  return at + 1;
}

function numberAt(text: string, start: number): string {
  if (text.startsWith('-Infinity', start)) return '-Infinity';
  let end = start;
  while (end < text.length && DIGIT.test(text.charAt(end))) end += 1;
  return text.slice(start, end);
}

function wordAt(text: string, start: number): string {
  if (text.startsWith('NaN', start)) return 'NaN';
  return text.startsWith('Infinity', start) ? 'Infinity' : '';
}

function replacementOf(word: string): string | null {
  if (word === 'NaN' || word.endsWith('Infinity')) return 'null';
  return /^-?\d{16,}$/.test(word) ? `"${word}"` : null;
}

export function groupOf(value: unknown): Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Group) : {};
}

export function isGroup(value: unknown): value is Group {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

export function textAt(value: unknown): string | undefined {
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

/** A name as text; a group has none, and turned into text one with a `toString` of its own would throw. */
export function keyOf(value: unknown): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** A number, also one that is written as text. */
export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : undefined;
}

/** Seeds are compared digit by digit; one that lost digits is unknown. */
export function seedOf(value: unknown): string | undefined {
  if (typeof value === 'number') return Number.isSafeInteger(value) ? String(value) : undefined;
  return typeof value === 'string' && /^\s*-?\d{1,24}\s*$/.test(value) ? value.trim() : undefined;
}

/** Plain values of a group under names that people read. */
export function moreOf(group: Group, taken: ReadonlySet<string>): { name: string; value: string }[] {
  return Object.entries(group).flatMap(([name, value]) => {
    if (taken.has(name)) return [];
    const plain = typeof value === 'string' || typeof value === 'number' || value === true;
    return plain && value !== '' ? [{ name, value: value === true ? 'Yes' : String(value) }] : [];
  });
}

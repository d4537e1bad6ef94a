import { recordOf } from './record.ts';

/** Deeper than any document that a person or a program means; a million brackets cost the parser seconds and memory. */
const DEEPEST = 200;

/** JSON out of a file. Throws a `SyntaxError` for what is none, and for nesting that nobody means. */
export function parseJson(text: string): unknown {
  if (isTooDeep(text)) throw new SyntaxError('Nested too deep');
  return JSON.parse(text);
}

function isTooDeep(text: string): boolean {
  let depth = 0;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text.charCodeAt(at);
    if (letter === QUOTE) {
      at = endOfString(text, at);
    } else if (letter === OPEN_LIST || letter === OPEN_OBJECT) {
      depth += 1;
      if (depth > DEEPEST) return true;
    } else if (letter === CLOSE_LIST || letter === CLOSE_OBJECT) depth -= 1;
  }
  return false;
}

const [QUOTE, BACKSLASH] = [34, 92];
const [OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [91, 93, 123, 125];

function endOfString(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && text.charCodeAt(at) !== QUOTE) at += text.charCodeAt(at) === BACKSLASH ? 2 : 1;
  return at;
}

/** The named values of what another program printed; none for what is no object. */
export function parseRecord(text: string): Record<string, unknown> {
  try {
    return recordOf(parseJson(text));
  } catch {
    return {};
  }
}

/** A value of a JSON text. Numbers keep their digits: seeds have more than a browser counts. */
export type JsonNode =
  | {
      readonly kind: 'object' | 'array';
      /** Keys of an array are its places. */
      readonly children: readonly (readonly [string, JsonNode])[];
      /** The text ended before it did. */
      readonly isCut: boolean;
    }
  | { readonly kind: 'text' | 'number' | 'word'; readonly text: string };

const DEEPEST = 100;
const STRING = /"[^"\\]*(?:\\[^][^"\\]*)*"/y;
const REST_OF_STRING = /"[^"\\]*(?:\\[^][^"\\]*)*\\?$/y;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const BLANK = /\s*/y;
/** What may be left of a word or number at the end of a text that was cut. */
const HALF = /^\s*(?:[-+.eE]{0,3}|tr?u?|fa?l?s?|nu?l?)$/;
const HALF_LETTERS = 16;

/**
 * Reads JSON for showing it; null when it is none, or nested too deep to be read by anybody. A text that ends too early
 * gives what is there.
 */
export function readJson(text: string): JsonNode | null {
  const reader = new Reader(text.replace(/^\ufeff/, ''));
  const node = reader.value(0);
  return node !== null && reader.isAtEnd() ? node : null;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  isAtEnd(): boolean {
    this.#take(BLANK);
    return this.#at >= this.#text.length;
  }

  value(depth: number): JsonNode | null {
    this.#take(BLANK);
    const first = this.#text.charAt(this.#at);
    if (first === '{' || first === '[') return depth > DEEPEST ? null : this.#list(first, depth);
    if (first === '"') {
      const text = this.#string();
      return text === null ? null : { kind: 'text', text };
    }
    const number = this.#take(NUMBER);
    if (number !== null) return { kind: 'number', text: number };
    const word = this.#take(WORD);
    return word === null ? null : { kind: 'word', text: word };
  }

  #list(first: '{' | '[', depth: number): JsonNode | null {
    const kind = first === '{' ? 'object' : 'array';
    const close = first === '{' ? '}' : ']';
    this.#at += 1;
    const children: (readonly [string, JsonNode])[] = [];
    const cut = (): JsonNode => ({ kind, children, isCut: true });
    if (this.#sign(close)) return { kind, children, isCut: false };
    for (;;) {
      if (this.isAtEnd()) return cut();
      const key = kind === 'object' ? this.#key() : String(children.length);
      if (this.isAtEnd()) return cut();
      const child = key === null ? null : this.value(depth + 1);
      if (key === null || child === null) return this.#endsEarly() ? cut() : null;
      children.push([key, child]);
      if (this.isAtEnd()) return cut();
      if (this.#sign(close)) return { kind, children, isCut: false };
      if (!this.#sign(',')) return this.#endsEarly() ? cut() : null;
    }
  }

  #key(): string | null {
    this.#take(BLANK);
    const key = this.#text.charAt(this.#at) === '"' ? this.#string() : null;
    return key !== null && (this.isAtEnd() || this.#sign(':')) ? key : null;
  }

  #string(): string | null {
    const whole = this.#take(STRING);
    if (whole !== null) return unescaped(whole);
    const rest = this.#take(REST_OF_STRING);
    return rest === null ? null : unescaped(`${rest.replace(/\\(?:u[\da-f]{0,3})?$/i, '')}"`);
  }

  /** Half a word or number stands at the very end; it is left out. */
  #endsEarly(): boolean {
    if (this.#text.length - this.#at > HALF_LETTERS || !HALF.test(this.#text.slice(this.#at))) return false;
    this.#at = this.#text.length;
    return true;
  }

  #sign(sign: string): boolean {
    this.#take(BLANK);
    if (this.#text.charAt(this.#at) !== sign) return false;
    this.#at += 1;
    return true;
  }

  #take(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}

function unescaped(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    // Line breaks and the like stand there unescaped: shown as written.
    return quoted.slice(1, -1);
  }
}

/** A stretch of text within a line. */
export interface Span {
  readonly text: string;
  readonly look?: 'strong' | 'em' | 'code' | 'struck';
  /** Address of a link; http and https only, everything else stays plain text. */
  readonly href?: string;
}

export interface Item {
  /** 0 for the outermost. */
  readonly depth: number;
  /** What stands before it: a number as written, or null for a dot. */
  readonly number: string | null;
  /** Of a task; null for a plain item. */
  readonly isDone: boolean | null;
  readonly spans: readonly Span[];
}

export type Block =
  | { readonly kind: 'heading'; readonly level: number; readonly spans: readonly Span[] }
  | { readonly kind: 'paragraph' | 'quote'; readonly spans: readonly Span[] }
  | { readonly kind: 'list'; readonly items: readonly Item[] }
  | { readonly kind: 'table'; readonly rows: readonly (readonly (readonly Span[])[])[] }
  | { readonly kind: 'code'; readonly text: string }
  | { readonly kind: 'rule' };

const ITEM = /^(\s*)(?:[-*+]|(\d{1,9})[.)])\s+(?:\[([ xX])\]\s+)?(\S.*)$/;
const FENCE = /^\s{0,3}(```+|~~~+)/;
const RULE = /^\s{0,3}([-*_])(?:\s*\1){2,}\s*$/;
const HEADING = /^\s{0,3}(#{1,6})\s+(\S.*)$/;
const QUOTE = /^\s{0,3}>\s?(.*)$/;
const UNDERLINE = /^\s{0,3}(=+|-+)\s*$/;
/** Blanks stand in one place of it only, so that a line of them is read once. */
const DIVIDER = /^\s*(?:\|\s*)?:?-+:?\s*(?:\|\s*:?-+:?\s*)*(?:\|\s*)?$/;
const DEEPEST = 6;

interface Found {
  readonly block: Block | null;
  /** The line after it. */
  readonly next: number;
}

/**
 * The structure of a Markdown text, as far as notes and briefs use it. HTML is text like any other, pictures are left
 * as written, and what is not understood stays a paragraph, so that nothing of the text is lost. The time it takes
 * grows with the length of the text, whatever is in it.
 */
export function readMarkdown(text: string): readonly Block[] {
  const lines = text.split(/\r?\n/);
  const blocks: Block[] = [];
  let at = 0;
  while (at < lines.length) {
    const { block, next } = blockAt(lines, at);
    if (block !== null) blocks.push(block);
    at = next;
  }
  return blocks;
}

function blockAt(lines: readonly string[], at: number): Found {
  const line = lines[at] ?? '';
  if (line.trim() === '') return { block: null, next: at + 1 };
  const fence = FENCE.exec(line)?.[1];
  if (fence !== undefined) return codeAt(lines, at, fence);
  if (RULE.test(line)) return { block: { kind: 'rule' }, next: at + 1 };
  const heading = HEADING.exec(line);
  if (heading !== null) {
    const [, signs = '', words = ''] = heading;
    return { block: headingOf(signs.length, withoutTail(words)), next: at + 1 };
  }
  if (ITEM.test(line)) return listAt(lines, at);
  if (QUOTE.test(line)) {
    const next = endOf(lines, at, (one) => QUOTE.test(one));
    const words = lines.slice(at, next).map((one) => QUOTE.exec(one)?.[1]?.trim() ?? '');
    return { block: { kind: 'quote', spans: readSpans(words.join(' ')) }, next };
  }
  if (isTableAt(lines, at)) return tableAt(lines, at);
  const level = UNDERLINE.exec(lines[at + 1] ?? '')?.[1]?.startsWith('=') === true ? 1 : 2;
  if (UNDERLINE.test(lines[at + 1] ?? '')) return { block: headingOf(level, line.trim()), next: at + 2 };
  const next = endOf(lines, at, goesOn);
  const words = lines.slice(at, next).map((one) => one.trim());
  return { block: { kind: 'paragraph', spans: readSpans(words.join(' ')) }, next };
}

function headingOf(level: number, words: string): Block {
  return { kind: 'heading', level, spans: readSpans(words) };
}

/** Number signs may close a heading, too. */
function withoutTail(words: string): string {
  let end = words.trimEnd().length;
  while (words.charAt(end - 1) === '#') end -= 1;
  return end === 0 ? '' : words.slice(0, end).trimEnd();
}

function codeAt(lines: readonly string[], at: number, fence: string): Found {
  const end = lines.findIndex((one, index) => index > at && one.trimStart().startsWith(fence));
  const last = end === -1 ? lines.length : end;
  return { block: { kind: 'code', text: lines.slice(at + 1, last).join('\n') }, next: last + 1 };
}

/** The first line after `at` that does not belong to it. */
function endOf(lines: readonly string[], at: number, belongs: (line: string) => boolean): number {
  let next = at + 1;
  while (next < lines.length && belongs(lines[next] ?? '')) next += 1;
  return next;
}

function goesOn(line: string): boolean {
  return line.trim() !== '' && ![FENCE, RULE, HEADING, QUOTE, ITEM].some((start) => start.test(line));
}

function listAt(lines: readonly string[], at: number): Found {
  const items: { depth: number; number: string | null; isDone: boolean | null; words: string[] }[] = [];
  const indents: number[] = [];
  let next = at;
  for (; next < lines.length; next += 1) {
    const line = lines[next] ?? '';
    const item = RULE.test(line) ? null : ITEM.exec(line);
    if (item !== null) {
      const [, before = '', number = null, box, words = ''] = item;
      const indent = before.replaceAll('\t', '    ').length;
      while (indents.length > 0 && (indents.at(-1) ?? 0) > indent) indents.pop();
      if (indents.at(-1) !== indent) indents.push(indent);
      const depth = Math.min(indents.length - 1, DEEPEST);
      items.push({ depth, number, isDone: box === undefined ? null : box !== ' ', words: [words.trim()] });
    } else if (/^\s{2,}\S/.test(line)) items.at(-1)?.words.push(line.trim());
    else if (line.trim() !== '' || !ITEM.test(lines[next + 1] ?? '')) break;
  }
  const read = items.map(({ words, ...item }) => ({ ...item, spans: readSpans(words.join(' ')) }));
  return { block: { kind: 'list', items: read }, next };
}

function isTableAt(lines: readonly string[], at: number): boolean {
  const below = lines[at + 1] ?? '';
  return (lines[at] ?? '').includes('|') && below.includes('-') && below.includes('|') && DIVIDER.test(below);
}

function tableAt(lines: readonly string[], at: number): Found {
  const next = endOf(lines, at + 1, (line) => line.includes('|'));
  const rows = [lines[at] ?? '', ...lines.slice(at + 2, next)].map((line) =>
    line
      .trim()
      .replace(/^\|/, '')
      .replace(/(?<!\\)\|$/, '')
      .split(/(?<!\\)\|/)
      .map((cell) => readSpans(cell.trim().replaceAll('\\|', '|'))),
  );
  return { block: { kind: 'table', rows }, next };
}

/** Every alternative ends at its own closing sign and never looks past the next opening one. */
const SPAN =
  /`([^`]+)`|\*\*([^*]+)\*\*|(?<!\w)__([^_]+)__(?!\w)|~~([^~]+)~~|\*([^*\s][^*]*)\*|(?<!\w)_([^_\s][^_]*)_(?!\w)|(?<!!)\[([^[\]]+)\]\((https?:\/\/[^\s()]+)\)|(?<![\w(])(https?:\/\/[^\s<>()[\]"'`*]*[^\s<>()[\]"'`*.,;:!?])|\\([\\`*_~[\]#|])/g;

function readSpans(text: string): readonly Span[] {
  const spans: Span[] = [];
  const plain = (piece: string): void => {
    const last = spans.at(-1);
    if (last !== undefined && last.look === undefined && last.href === undefined) spans.pop();
    else if (piece === '') return;
    spans.push({ text: (last?.look ?? last?.href) === undefined ? (last?.text ?? '') + piece : piece });
  };
  let end = 0;
  for (const found of text.matchAll(SPAN)) {
    const [all, code, bold, wide, struck, lean, slim, label, href, bare, escaped] = found;
    if (found.index > end) plain(text.slice(end, found.index));
    const strong = bold ?? wide;
    const em = lean ?? slim;
    if (code !== undefined) spans.push({ text: code, look: 'code' });
    else if (strong !== undefined) spans.push({ text: strong, look: 'strong' });
    else if (struck !== undefined) spans.push({ text: struck, look: 'struck' });
    else if (em !== undefined) spans.push({ text: em, look: 'em' });
    else if (label !== undefined && href !== undefined) spans.push({ text: label, href });
    else if (bare !== undefined) spans.push({ text: bare, href: bare });
    else plain(escaped ?? all);
    end = found.index + all.length;
  }
  if (end < text.length) plain(text.slice(end));
  return spans;
}

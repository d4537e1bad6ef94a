import type { Font, Glyph } from 'fontkit';
import sharp from 'sharp';
import { sane } from './finite.ts';
import { attempt } from './font-facts.ts';
import { CannotDecode } from './outcome.ts';
import { toRaster } from './picture.ts';
import type { Raster } from './raster.ts';

const PAPER = '#f6f5f1';
const INK = '#1c1b19';
const FAINT = '#8c8980';
/** Letters of millions of points are drawn by nobody. */
const MAX_DRAWING = 3_000_000;
const FALLBACK_LETTERS = 42;

interface Line {
  readonly text: string;
  /** Font size in pixels at full width. */
  readonly size: number;
  readonly colour?: string;
}

interface Sheet {
  readonly width: number;
  readonly height: number;
  readonly margin: number;
  readonly lines: readonly Line[];
}

/** A small card of the font: its first letters, large, and its name in itself. Null when it draws nothing. */
export function drawCard(font: Font, name: string): Promise<Raster | null> {
  const [large, small] = wordsFor(font, name);
  const lines = [
    { text: large, size: 190 },
    { text: small, size: 44, colour: '#5a574f' },
  ];
  return draw(font, { width: 512, height: 384, margin: 36, lines });
}

/** The specimen sheet: name, alphabets, figures and a sentence in falling sizes. */
export function drawSheet(font: Font, name: string): Promise<Raster | null> {
  const [large, small] = wordsFor(font, name);
  const letters = has(font, 'a') && has(font, 'A');
  const sentence = 'The quick brown fox jumps over the lazy dog';
  const lines: Line[] = letters
    ? [
        { text: small, size: 120 },
        { text: 'ABCDEFGHIJKLMNOPQRSTUVWXYZ', size: 84 },
        { text: 'abcdefghijklmnopqrstuvwxyz', size: 84 },
        { text: '0123456789 &?!@%(){}', size: 84, colour: FAINT },
        { text: sentence, size: 72 },
        { text: sentence, size: 48 },
        { text: sentence, size: 32 },
      ]
    : rowsOf(large + ownLetters(font).join('')).map((text) => ({ text, size: 120 }));
  // A letter that the font lacks would stand there as an empty box.
  const drawn = lines.map((line) => ({
    ...line,
    text: [...line.text].filter((one) => one === ' ' || has(font, one)).join(''),
  }));
  return draw(font, { width: 1600, height: 1200, margin: 90, lines: drawn });
}

function has(font: Font, letter: string): boolean {
  return attempt(() => font.hasGlyphForCodePoint(letter.codePointAt(0) ?? 0)) === true;
}

/** What the card shows large and below: letters people know, or what the font has instead, as in a set of icons. */
function wordsFor(font: Font, name: string): readonly [string, string] {
  if (has(font, 'a') && has(font, 'A')) {
    const writesItself = [...name].every((letter) => letter === ' ' || has(font, letter));
    return ['Aa', writesItself ? name : ownLetters(font).slice(0, 10).join('')];
  }
  const own = ownLetters(font);
  return [own.slice(0, 3).join(''), own.slice(3, 12).join('')];
}

/** A spread of the characters that the font draws, none of them blank. */
function ownLetters(font: Font): string[] {
  const codes = (attempt(() => font.characterSet) ?? []).filter((code) => code > 0x20 && code <= 0x10ffff);
  const step = Math.max(1, Math.floor(codes.length / (FALLBACK_LETTERS * 2)));
  const found: string[] = [];
  for (let i = 0; i < codes.length && found.length < FALLBACK_LETTERS; i += step) {
    const code = codes[i] ?? 0;
    if (code >= 0xd800 && code <= 0xdfff) continue;
    const drawn = attempt(() => font.glyphForCodePoint(code).path.commands.length) ?? 0;
    if (drawn > 0) found.push(String.fromCodePoint(code));
  }
  return found;
}

function rowsOf(letters: string): string[] {
  const all = [...letters];
  const rows = [];
  for (let i = 0; i < all.length && rows.length < 6; i += 9) rows.push(all.slice(i, i + 9).join(''));
  return rows;
}

async function draw(font: Font, sheet: Sheet): Promise<Raster | null> {
  const room = { width: sheet.width - 2 * sheet.margin, height: sheet.height - 2 * sheet.margin };
  const rows = sheet.lines.flatMap((line) => {
    const row = setLine(font, line, room.width);
    return row === null ? [] : [row];
  });
  if (rows.length === 0) return null;
  const total = rows.reduce((sum, row) => sum + row.height, 0);
  const squeeze = Math.min(1, room.height / total);
  let top = sheet.margin + (room.height - total * squeeze) / 2;
  let body = '';
  for (const row of rows) {
    const baseline = top + row.ascent * squeeze;
    body += `<g fill="${row.colour}" transform="translate(${sheet.margin} ${baseline.toFixed(2)}) scale(${squeeze})">${row.svg}</g>`;
    top += row.height * squeeze;
  }
  if (body.length > MAX_DRAWING) throw new CannotDecode('too_large');
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${sheet.width}" height="${sheet.height}"><rect width="100%" height="100%" fill="${PAPER}"/>${body}</svg>`;
  return toRaster(sharp(Buffer.from(svg)));
}

interface Row {
  readonly svg: string;
  readonly height: number;
  readonly ascent: number;
  readonly colour: string;
}

/** One line of glyph outlines, smaller than asked when it would not fit; null when nothing of it has an outline. */
function setLine(font: Font, line: Line, width: number): Row | null {
  const run = layOut(font, line.text);
  const units = sane(
    attempt(() => font.unitsPerEm),
    1e6,
  );
  if (run.length === 0 || units === undefined) return null;
  const natural = run.reduce((sum, { advance }) => sum + advance, 0);
  const size = Math.min(line.size, natural > 0 ? (width * units) / natural : line.size);
  const scale = size / units;
  let x = 0;
  let svg = '';
  for (const { glyph, advance, dx, dy } of run) {
    const path = attempt(() => glyph.path.toSVG()) ?? '';
    // Only what a path is made of: nothing of the file becomes markup.
    if (path !== '' && /^[MLQCZ\d\s.,eE+-]+$/.test(path)) {
      const at = `matrix(${scale} 0 0 ${-scale} ${((x + dx) * scale).toFixed(3)} ${(-dy * scale).toFixed(3)})`;
      svg += `<path transform="${at}" d="${path}"/>`;
      if (svg.length > MAX_DRAWING) throw new CannotDecode('too_large');
    }
    x += advance;
  }
  if (svg === '') return null;
  const ascent = clamp((attempt(() => font.ascent) ?? 0) / units, 0.6, 1.3);
  const descent = clamp(-(attempt(() => font.descent) ?? 0) / units, 0.15, 0.6);
  return { svg, height: size * (ascent + descent), ascent: size * ascent, colour: line.colour ?? INK };
}

interface Placed {
  readonly glyph: Glyph;
  readonly advance: number;
  readonly dx: number;
  readonly dy: number;
}

/** With kerning and ligatures where the font's tables allow it, else letter by letter. */
function layOut(font: Font, text: string): Placed[] {
  const run = attempt(() => font.layout(text));
  const placed = run?.glyphs.map((glyph, i) => {
    const at = run.positions[i];
    return { glyph, advance: at?.xAdvance ?? 0, dx: at?.xOffset ?? 0, dy: at?.yOffset ?? 0 };
  });
  const letters =
    placed ??
    [...text].flatMap((letter) => {
      const glyph = attempt(() => font.glyphForCodePoint(letter.codePointAt(0) ?? 32));
      const advance = attempt(() => glyph?.advanceWidth) ?? 0;
      return glyph === undefined ? [] : [{ glyph, advance, dx: 0, dy: 0 }];
    });
  return letters.filter(({ advance, dx, dy }) => [advance, dx, dy].every(Number.isFinite));
}

function clamp(value: number, low: number, high: number): number {
  return Number.isFinite(value) ? Math.min(high, Math.max(low, value)) : high;
}

import type { Axis, Font } from 'fontkit';
import type { Facts } from './contract.ts';
import { knownOnly, moreFacts, sane } from './finite.ts';
import { oneLine } from './one-line.ts';

const WEIGHTS: readonly (readonly [number, string])[] = [
  [150, 'Thin'],
  [250, 'Extra light'],
  [350, 'Light'],
  [450, 'Regular'],
  [550, 'Medium'],
  [650, 'Semibold'],
  [750, 'Bold'],
  [850, 'Extra bold'],
  [1000, 'Black'],
];
const WIDTHS = [
  'Ultra condensed',
  'Extra condensed',
  'Condensed',
  'Semi condensed',
  'Normal',
  'Semi expanded',
  'Expanded',
  'Extra expanded',
  'Ultra expanded',
];
/** A letter that stands for its script. */
const SCRIPTS: readonly (readonly [string, number])[] = [
  ['Latin', 0x61],
  ['Greek', 0x3b1],
  ['Cyrillic', 0x430],
  ['Hebrew', 0x5d0],
  ['Arabic', 0x628],
  ['Devanagari', 0x915],
  ['Bengali', 0x995],
  ['Thai', 0xe01],
  ['Georgian', 0x10d0],
  ['Hiragana', 0x3042],
  ['Hangul', 0xac00],
  ['Han', 0x4e00],
];

/** What a font says of itself. A table that cannot be read leaves its facts unknown. */
export function fontFacts(font: Font): Facts {
  const said = (read: () => unknown, max?: number): string | undefined => oneLine(attempt(read), max);
  const table = attempt(() => font['OS/2']);
  const more = moreFacts({
    family: said(() => font.getName('preferredFamily')) ?? said(() => font.familyName),
    style: said(() => font.getName('preferredSubfamily')) ?? said(() => font.subfamilyName),
    weight: weightOf(sane(table?.usWeightClass, 1000)),
    fontWidth: WIDTHS[(sane(table?.usWidthClass, 9) ?? 0) - 1],
    italic: attempt(() => font.italicAngle !== 0) || undefined,
    monospaced: attempt(() => (font.post?.isFixedPitch ?? 0) !== 0) || undefined,
    glyphs: sane(
      attempt(() => font.numGlyphs),
      65_536,
    ),
    characters: attempt(() => font.characterSet.length),
    scripts: scriptsOf(font),
    axes: axesOf(attempt(() => font.variationAxes) ?? {}),
    namedStyles: oneLine(Object.keys(attempt(() => font.namedVariations) ?? {}).join(', ')),
    colourFont: attempt(() => isColour(font)) || undefined,
    embedding: embeddingOf(attempt(() => table?.fsType)),
    licence: said(() => font.getName('license'), 600),
    licenceAddress: said(() => font.getName('licenseURL')),
    designer: said(() => font.getName('designer')),
    foundry: said(() => font.getName('manufacturer')),
    copyright: said(() => font.copyright),
    fontVersion: said(() => font.version),
  });
  return knownOnly<Facts>({ title: said(() => font.fullName), more });
}

/** Tables are read when they are asked for, so a broken one shows itself only here. */
export function attempt<T>(read: () => T): T | undefined {
  try {
    return read() ?? undefined;
  } catch {
    return undefined;
  }
}

function weightOf(value: number | undefined): string | undefined {
  if (value === undefined) return undefined;
  // Some old fonts count from 1 to 9.
  const weight = value < 10 ? value * 100 : value;
  return `${WEIGHTS.find(([limit]) => weight <= limit)?.[1] ?? 'Black'} (${weight})`;
}

function scriptsOf(font: Font): string | undefined {
  const found = SCRIPTS.filter(([, letter]) => attempt(() => font.hasGlyphForCodePoint(letter)) === true);
  return oneLine(found.map(([name]) => name).join(', '));
}

function axesOf(axes: Readonly<Record<string, Axis>>): string | undefined {
  const ranges = Object.entries(axes).map(([tag, { min, max }]) => `${tag} ${min}–${max}`);
  return oneLine(ranges.join(', '));
}

function isColour(font: Font): boolean {
  const tables = Object.keys(font.directory?.tables ?? {});
  return ['COLR', 'SVG ', 'sbix', 'CBDT'].some((name) => tables.includes(name));
}

/** The embedding bits of the font, in words: they tell what the maker permits, not what the licence says in full. */
function embeddingOf(bits: Readonly<Record<string, boolean>> | undefined): string | undefined {
  if (bits === undefined) return undefined;
  const words = [];
  if (bits['editable'] === true) words.push('Editable embedding');
  else if (bits['viewOnly'] === true) words.push('Preview and print embedding');
  else if (bits['noEmbedding'] === true) words.push('Restricted: no embedding without permission');
  else words.push('Installable embedding');
  if (bits['noSubsetting'] === true) words.push('no subsetting');
  if (bits['bitmapOnly'] === true) words.push('bitmaps only');
  return words.join(', ');
}

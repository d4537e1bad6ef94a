import { readFile } from 'node:fs/promises';
import type { Font } from 'fontkit';
import type { Description, Facts, KindContext, MediaKind } from './contract.ts';
import { fontFacts } from './font-facts.ts';
import { drawCard, drawSheet } from './font-specimen.ts';
import { CannotDecode, noPreview } from './outcome.ts';
import { lookOf, writeWebp } from './picture.ts';
import { TOOL_VERSIONS } from './tool-versions.ts';

const MAX_BYTES = 64 * 1024 * 1024;
/** TTF, OTF, WOFF, WOFF2 and collections: what the font says of itself, and a specimen drawn with its own outlines. */
export const font: MediaKind = {
  name: 'font',
  accepts: (detected) => detected.mediaType === 'font',
  async describe(source, context) {
    if (source.size > MAX_BYTES) throw new CannotDecode('too_large');
    const opened = await openFont(await readFile(source.path));
    const facts = withCount(fontFacts(opened.font), opened.count);
    const known = { ...words(facts), suggestedType: 'font' as const };
    const drawn = await drawSpecimen(opened.font, facts, context);
    return drawn === null ? { ...noPreview('no_picture', facts), ...known } : { ...drawn, ...known };
  },
};

/** The first font of a file, and how many there are. */
async function openFont(bytes: Buffer): Promise<{ font: Font; count: number }> {
  // Loaded on first use: most files are pictures.
  const { create } = await import('fontkit');
  try {
    const opened = create(bytes);
    if (!('fonts' in opened)) return { font: opened, count: 1 };
    const [first] = opened.fonts;
    if (first !== undefined) return { font: first, count: opened.fonts.length };
  } catch (error) {
    throw new CannotDecode('damaged', error);
  }
  throw new CannotDecode('damaged');
}

function withCount(facts: Facts, fonts: number): Facts {
  return fonts === 1 ? facts : { ...facts, more: { ...facts.more, fonts } };
}

/** What people may search a font by. */
function words({ title, more }: Facts): Pick<Description, 'text'> {
  const keys = ['family', 'style', 'scripts', 'designer', 'foundry', 'copyright', 'licence'];
  const text = [title, ...keys.map((key) => more?.[key])]
    .filter((value) => typeof value === 'string')
    .join('\n');
  return text === '' ? {} : { text };
}

async function drawSpecimen(font: Font, facts: Facts, context: KindContext): Promise<Description | null> {
  const name = facts.title ?? 'Aa';
  const card = await drawCard(font, name);
  if (card === null) return null;
  const thumbnail = made(await writeWebp(card, 'thumbnail', context.scratch));
  const first: Description = {
    state: 'ready',
    facts,
    renditions: [thumbnail],
    placeholder: lookOf(card).placeholder,
  };
  const sheet = await drawSheet(font, name);
  if (sheet === null) return first;
  return { ...first, renditions: [thumbnail, made(await writeWebp(sheet, 'preview', context.scratch))] };
}

function made<T extends object>(rendition: T): T & { tool: string; toolVersion: string } {
  return { ...rendition, tool: 'fontkit', toolVersion: TOOL_VERSIONS.fontkit };
}

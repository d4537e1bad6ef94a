import { readFile } from 'node:fs/promises';
import type { Description, Facts, KindContext, MadeRendition, MediaKind, MediaSource } from './contract.ts';
import { applyLut } from './lut-apply.ts';
import { type Lut, readCorrection, readCube, readThreeDl } from './lut-read.ts';
import { samplePicture } from './lut-sample.ts';
import { writeTable } from './lut-table.ts';
import { knownOnly, moreFacts } from './finite.ts';
import { oneLine } from './one-line.ts';
import { CannotDecode, noPreview } from './outcome.ts';
import { lookOf, writeWebp } from './picture.ts';
import type { Raster } from './raster.ts';
import { TOOL_VERSIONS } from './tool-versions.ts';

const MAX_BYTES = 96 * 1024 * 1024;
const READERS: Readonly<Record<string, (text: string) => Lut | null>> = {
  'application/x-cube-lut': readCube,
  'application/x-3dl-lut': readThreeDl,
  'application/x-asc-cdl': readCorrection,
};

/** Colour tables and corrections: their facts, and a drawn picture before and after them. */
export const lut: MediaKind = {
  name: 'lut',
  accepts: (detected) => detected.mediaType === 'lut',
  async describe(source, context) {
    const type = { suggestedType: 'lut' as const };
    const read = READERS[source.detected.mime];
    if (read === undefined) return { ...noPreview('no_preview_for_type'), ...type };
    const table = await readTable(source, read);
    return { ...(await drawn(table, context)), ...type };
  },
};

async function readTable(source: MediaSource, read: (text: string) => Lut | null): Promise<Lut> {
  if (source.size > MAX_BYTES) throw new CannotDecode('too_large');
  const found = read(await readFile(source.path, 'latin1'));
  if (found === null) throw new CannotDecode('damaged');
  return found;
}

async function drawn(table: Lut, context: KindContext): Promise<Description> {
  const facts = factsOf(table);
  const text = [facts.title, ...table.comments.map((line) => oneLine(line))].filter(Boolean).join('\n');
  const small = await beforeAndAfter(table, 512, 320);
  const large = await beforeAndAfter(table, 1600, 1000);
  const thumbnail = made(await writeWebp(small, 'thumbnail', context.scratch));
  const preview = made(await writeWebp(large, 'preview', context.scratch));
  const sampled = made(await writeTable(table, context.scratch));
  const { placeholder } = lookOf(small);
  return {
    state: 'ready',
    facts,
    renditions: [thumbnail, preview, sampled],
    placeholder,
    ...(text === '' ? {} : { text }),
  };
}

function made(rendition: MadeRendition): MadeRendition {
  return { ...rendition, tool: 'backlot-lut', toolVersion: TOOL_VERSIONS['backlot-lut'] };
}

/** The left half as it is, the right half through the table, a fine line between them. */
async function beforeAndAfter(table: Lut, width: number, height: number): Promise<Raster> {
  const before = await samplePicture(width, height);
  const after = applyLut(table, before);
  const data = new Uint8Array(after.data);
  const middle = width >> 1;
  const line = Math.max(1, Math.round(width / 512));
  for (let y = 0; y < height; y += 1) {
    const row = y * width * 4;
    data.set(before.data.subarray(row, row + middle * 4), row);
    data.fill(255, row + (middle - line) * 4, row + (middle + line) * 4);
  }
  return { data, width, height };
}

function factsOf({ format, title, cube, curves, correction }: Lut): Facts {
  const triple = (values: readonly number[] | undefined): string | undefined => values?.join(', ');
  const range = (part: typeof cube): string | undefined =>
    part === undefined || (isAll(part.low, 0) && isAll(part.high, 1))
      ? undefined
      : `${triple(part.low)} to ${triple(part.high)}`;
  const kinds = [
    ...(curves === undefined ? [] : [`1D, ${curves.size} samples`]),
    ...(cube === undefined ? [] : [`3D, ${cube.size} × ${cube.size} × ${cube.size}`]),
    ...(correction === undefined ? [] : ['Slope, offset, power and saturation']),
  ];
  const more = moreFacts({
    lutFormat: format,
    table: kinds.join(', '),
    inputRange: range(cube ?? curves),
    slope: triple(correction?.slope),
    offset: triple(correction?.offset),
    power: triple(correction?.power),
    saturation: correction?.saturation,
  });
  return knownOnly<Facts>({ title: oneLine(title), more });
}

function isAll(values: readonly number[], wanted: number): boolean {
  return values.every((value) => value === wanted);
}

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fbxVersion } from './fbx-nodes.ts';
import type { Description, Facts, KindContext, MadeRendition, MediaKind, MediaSource } from './contract.ts';
import { moreFacts } from './finite.ts';
import type { Model } from './mesh.ts';
import { drawModel } from './mesh-draw.ts';
import { readFbx } from './mesh-fbx.ts';
import { writeGlb } from './mesh-glb.ts';
import { readGltf } from './mesh-gltf.ts';
import { readPly } from './mesh-ply.ts';
import { readBinaryStl, readObj, readTextStl } from './mesh-text.ts';
import { readUsd, readUsdz, type UsdLook } from './mesh-usd.ts';
import { CannotDecode, noPreview } from './outcome.ts';
import { lookOf, writeWebp } from './picture.ts';
import { type Raster, shrink } from './raster.ts';
import { clipText } from './text-clip.ts';
import { TOOL_VERSIONS } from './tool-versions.ts';

const MAX_BYTES = 256 * 1024 * 1024;
/** Cards are wider than high and cut off what is not. */
const THUMBNAIL = { width: 640, height: 448 } as const;
const PREVIEW = 1200;
/** Shapes: counts and size, and a picture drawn without a graphics card. */
export const model3d: MediaKind = {
  name: 'model3d',
  accepts: (detected) => detected.mediaType === 'model3d',
  async describe(source, context) {
    const read = READERS[source.detected.mime];
    if (read === undefined) return noPreview('no_preview_for_type');
    if (source.size > MAX_BYTES) return noPreview('too_large');
    const found = await read(await readFile(source.path));
    const text = clipText(found.text);
    const base =
      found.model === null
        ? noPreview(found.reason, { more: found.more })
        : await drawn(found.model, { context, isShown: isShownAsItIs(source.detected.mime, found.more) });
    return {
      ...base,
      ...(text === '' ? {} : { text }),
      ...(found.isMotion === true ? { suggestedType: 'animation' as const } : {}),
    };
  },
};

interface Read {
  readonly model: Model | null;
  readonly reason: 'no_decoder_for_format' | 'parts_elsewhere' | 'no_picture' | 'no_preview_for_type';
  readonly more: NonNullable<Facts['more']>;
  readonly text: string;
  readonly isMotion?: boolean;
}

const READERS: Readonly<Record<MediaSource['detected']['mime'], (bytes: Buffer) => Promise<Read> | Read>> = {
  'model/gltf-binary': (bytes) => fromGltf(bytes, true),
  'model/gltf+json': (bytes) => fromGltf(bytes, false),
  'model/obj': (bytes) => whole(readObj(bytes.toString('latin1'))),
  'model/stl': (bytes) =>
    whole(isTextStl(bytes) ? readTextStl(bytes.toString('latin1')) : readBinaryStl(bytes)),
  'model/x-ply': (bytes) => whole(readPly(bytes)),
  'application/x.autodesk.fbx': fromFbx,
  'model/vnd.usdz+zip': async (bytes) => fromUsd(await readUsdz(bytes)),
  'model/vnd.usd': async (bytes) => fromUsd(await readUsd(bytes)),
  'model/vnd.usda': async (bytes) => fromUsd(await readUsd(bytes)),
};

function fromGltf(bytes: Buffer, binary: boolean): Promise<Read> {
  return readGltf(bytes, binary);
}

function whole(model: Model | null): Read {
  if (model === null) throw new CannotDecode('damaged');
  return { model, more: model.more, text: model.text ?? '', reason: 'no_picture' };
}

/** Binary files may begin with "solid", too; text has facets. */
function isTextStl(bytes: Buffer): boolean {
  const start = bytes.toString('latin1', 0, 4096);
  return start.startsWith('solid') && /\bfacet\s+normal\b/.test(start);
}

async function fromFbx(bytes: Buffer): Promise<Read> {
  if (fbxVersion(bytes) === null) {
    // The written form is rare, and read by few programs.
    const more = moreFacts({ format: 'FBX as text' });
    return { model: null, more, text: '', reason: 'no_decoder_for_format' };
  }
  const { parts, more, text, isMotion } = await readFbx(bytes);
  return { model: parts.length === 0 ? null : { parts, more }, more, text, isMotion, reason: 'no_picture' };
}

function fromUsd({ parts, more, text }: UsdLook): Read {
  return { model: parts.length === 0 ? null : { parts, more }, more, text, reason: 'no_picture' };
}

/** The page turns this format by itself, unless its shapes are packed in a way that it does not unpack. */
function isShownAsItIs(mime: string, { extensions = '' }: NonNullable<Facts['more']>): boolean {
  return mime === 'model/gltf-binary' && !/meshopt/.test(String(extensions));
}

async function drawn(
  model: Model,
  { context, isShown }: { context: KindContext; isShown: boolean },
): Promise<Description> {
  const facts: Facts = { ...(model.title === undefined ? {} : { title: model.title }), more: model.more };
  // Twice the size, then averaged: that smooths the edges.
  const large = drawModel(model.parts, THUMBNAIL.height * 2);
  if (large === null) return noPreview('no_picture', facts);
  const small = widened(shrink(large, THUMBNAIL.height, THUMBNAIL.height), THUMBNAIL.width);
  const thumbnail = await made(small, 'thumbnail', context);
  // Only the blurred shape: colours of a drawing without light and surroundings would find the wrong things.
  const { placeholder } = lookOf(small);
  const first: Description = { state: 'ready', facts, renditions: [thumbnail], placeholder };
  context.early?.(first);
  context.signal.throwIfAborted();
  const sheet = drawModel(model.parts, PREVIEW * 2);
  if (sheet === null) return first;
  const preview = await made(shrink(sheet, PREVIEW, PREVIEW), 'preview', context);
  const turned = isShown ? null : await turnable(model, context);
  return { ...first, renditions: [thumbnail, preview, ...(turned === null ? [] : [turned])] };
}

/** What the page turns instead of the file. */
async function turnable(model: Model, context: KindContext): Promise<MadeRendition | null> {
  const bytes = await writeGlb(model.parts);
  if (bytes === null) return null;
  const path = join(context.scratch, 'model.glb');
  await writeFile(path, bytes);
  const tool = { tool: 'backlot-3d', toolVersion: TOOL_VERSIONS['backlot-3d'] };
  return { name: 'model', path, mime: 'model/gltf-binary', ext: 'glb', ...tool };
}

async function made(
  raster: Raster,
  name: 'thumbnail' | 'preview',
  context: KindContext,
): Promise<MadeRendition> {
  return {
    ...(await writeWebp(raster, name, context.scratch)),
    tool: 'backlot-3d',
    toolVersion: TOOL_VERSIONS['backlot-3d'],
  };
}

/** Clear ground on both sides. */
function widened({ data, width, height }: Raster, wide: number): Raster {
  const room = new Uint8Array(wide * height * 4);
  const left = (wide - width) >> 1;
  for (let y = 0; y < height; y += 1) {
    room.set(data.subarray(y * width * 4, (y + 1) * width * 4), (y * wide + left) * 4);
  }
  return { data: room, width: wide, height };
}

import type { Document, Material, Node, Primitive, WebIO } from '@gltf-transform/core';
import type { Facts } from './contract.ts';
import { moreFacts } from './finite.ts';
import {
  drawTexture,
  MAX_TRIANGLES,
  MAX_VERTICES,
  type Model,
  type Part,
  PLAIN_COLOUR,
  sizeFacts,
} from './mesh.ts';
import { oneLine } from './one-line.ts';
import { CannotDecode } from './outcome.ts';
import type { Raster } from './raster.ts';
import { recordOf } from './record.ts';
import { parseJson } from './json.ts';

const MOST_TEXTURES = 12;
const TRIANGLES = 4;

/** Extensions that only say more about a surface; everything else in "required" may change what the numbers mean. */
const HARMLESS =
  /^(KHR_(materials_|lights_|texture_transform|mesh_quantization|xmp|texture_basisu)|EXT_texture_(webp|avif))/;
/** Ways to pack shapes that are unpacked here. */
const PACKED = /^(KHR_draco_mesh_compression|EXT_meshopt_compression|KHR_meshopt_compression)$/;

export interface GltfLook {
  readonly model: Model | null;
  /** Known also of files that cannot be drawn here. */
  readonly more: NonNullable<Facts['more']>;
  readonly text: string;
  /** It holds movement and nothing to look at. */
  readonly isMotion: boolean;
  /** Why there is no model: packed by something that is not read here, or in another file. */
  readonly reason: 'no_decoder_for_format' | 'parts_elsewhere' | 'no_picture';
}

/** Reads a GLB or a self-contained glTF from its bytes alone; addresses inside are never followed. */
export async function readGltf(bytes: Buffer, binary: boolean): Promise<GltfLook> {
  const json = binary ? jsonOfGlb(bytes) : parse(bytes.toString('utf8'));
  const { more, text } = factsOf(json);
  const isMotion = listOf(json, 'animations').length > 0 && listOf(json, 'meshes').length === 0;
  const base = { more, text, isMotion };
  const required = listOf(json, 'extensionsRequired').map(String);
  const isUnknown = required.some((name) => !HARMLESS.test(name) && !PACKED.test(name));
  if (isUnknown) return { ...base, model: null, reason: 'no_decoder_for_format' };
  if (pointsOutside(json)) return { ...base, model: null, reason: 'parts_elsewhere' };
  const document = await openDocument(bytes, json, binary);
  const parts = await partsOf(document);
  return { ...base, model: { parts, more: { ...sizeFacts(parts), ...more } }, reason: 'no_picture' };
}

function jsonOfGlb(bytes: Buffer): Record<string, unknown> {
  if (bytes.length < 20) throw new CannotDecode('damaged');
  const length = bytes.readUInt32LE(12);
  if (bytes.readUInt32LE(16) !== 0x4e4f534a || 20 + length > bytes.length) throw new CannotDecode('damaged');
  return parse(bytes.toString('utf8', 20, 20 + length));
}

function parse(text: string): Record<string, unknown> {
  try {
    return recordOf(parseJson(text.replace(/^\ufeff/, '')));
  } catch (error) {
    throw new CannotDecode('damaged', error);
  }
}

function listOf(json: Record<string, unknown>, key: string): readonly unknown[] {
  const list = json[key];
  return Array.isArray(list) ? list : [];
}

/** Buffers and pictures with an address that holds no data of its own. */
function pointsOutside(json: Record<string, unknown>): boolean {
  const parts = [...listOf(json, 'buffers'), ...listOf(json, 'images')].map(recordOf);
  return parts.some(({ uri }) => typeof uri === 'string' && !uri.startsWith('data:'));
}

function factsOf(json: Record<string, unknown>): Pick<GltfLook, 'more' | 'text'> {
  const asset = recordOf(json['asset']);
  const count = (key: string): number | undefined => listOf(json, key).length || undefined;
  const names = ['scenes', 'nodes', 'meshes', 'materials', 'animations'].flatMap((key) =>
    listOf(json, key)
      .slice(0, 50)
      .map((item) => oneLine(recordOf(item)['name'], 80)),
  );
  const more = moreFacts({
    meshes: count('meshes'),
    materials: count('materials'),
    textures: count('textures'),
    animations: count('animations'),
    rigged: count('skins') === undefined ? undefined : true,
    cameras: count('cameras'),
    extensions: oneLine(listOf(json, 'extensionsUsed').map(String).join(', ')),
    madeWith: oneLine(asset['generator']),
    copyright: oneLine(asset['copyright']),
    formatVersion: oneLine(asset['version'], 20),
  });
  return { more, text: [...new Set(names.filter((name) => name !== undefined))].join('\n') };
}

async function openDocument(
  bytes: Buffer,
  json: Record<string, unknown>,
  binary: boolean,
): Promise<Document> {
  // Loaded on first use: most files are pictures.
  const { Logger, WebIO } = await import('@gltf-transform/core');
  const io = new WebIO().setLogger(new Logger(Logger.Verbosity.SILENT));
  const used = listOf(json, 'extensionsUsed').map(String);
  if (used.some((name) => PACKED.test(name) || HARMLESS.test(name))) await teach(io, used);
  try {
    if (binary) return await io.readBinary(new Uint8Array(bytes));
    return await io.readJSON({ json: json as never, resources: {} });
  } catch (error) {
    throw new CannotDecode('damaged', error);
  }
}

/** Decoders are loaded only for a file that needs them. */
async function teach(io: WebIO, used: readonly string[]): Promise<void> {
  const { ALL_EXTENSIONS } = await import('@gltf-transform/extensions');
  io.registerExtensions(ALL_EXTENSIONS);
  if (used.includes('KHR_draco_mesh_compression')) {
    const { default: draco3d } = await import('draco3dgltf');
    io.registerDependencies({ 'draco3d.decoder': await draco3d.createDecoderModule() });
  }
  if (used.some((name) => name.endsWith('meshopt_compression'))) {
    const { MeshoptDecoder } = await import('meshoptimizer');
    await MeshoptDecoder.ready;
    io.registerDependencies({ 'meshopt.decoder': MeshoptDecoder });
  }
}

async function partsOf(document: Document): Promise<Part[]> {
  const root = document.getRoot();
  const scene = root.getDefaultScene() ?? root.listScenes()[0];
  const nodes = scene?.listChildren() ?? root.listNodes().filter((node) => node.getParentNode() === null);
  const textures = new Map<Material, Raster | null>();
  const parts: Part[] = [];
  let [vertices, triangles] = [0, 0];
  // A list instead of recursion: a chain of nodes may be as long as its maker likes.
  const open: Node[] = [...nodes];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    for (const child of node.listChildren()) open.push(child);
    const mesh = node.getMesh();
    if (mesh === null) continue;
    const matrix = node.getWorldMatrix();
    for (const primitive of mesh.listPrimitives()) {
      const part = await partOf(primitive, matrix, textures);
      if (part === null) continue;
      vertices += part.positions.length / 3;
      triangles += part.triangles.length / 3;
      if (vertices > MAX_VERTICES || triangles > MAX_TRIANGLES) throw new CannotDecode('too_large');
      parts.push(part);
    }
  }
  return parts;
}

async function partOf(
  primitive: Primitive,
  matrix: readonly number[],
  textures: Map<Material, Raster | null>,
): Promise<Part | null> {
  const position = primitive.getAttribute('POSITION');
  if (position === null || primitive.getMode() !== TRIANGLES) return null;
  const count = position.getCount();
  if (count > MAX_VERTICES) throw new CannotDecode('too_large');
  const positions = new Float32Array(count * 3);
  const point: number[] = [];
  for (let i = 0; i < count; i += 1) {
    const [x = 0, y = 0, z = 0] = position.getElement(i, point);
    for (let axis = 0; axis < 3; axis += 1) {
      const moved =
        (matrix[axis] ?? 0) * x +
        (matrix[4 + axis] ?? 0) * y +
        (matrix[8 + axis] ?? 0) * z +
        (matrix[12 + axis] ?? 0);
      positions[i * 3 + axis] = Number.isFinite(moved) ? moved : 0;
    }
  }
  const material = primitive.getMaterial();
  const texture = material === null ? null : await textureOf(material, textures);
  const uvs = texture === null ? null : (primitive.getAttribute('TEXCOORD_0')?.getArray() ?? null);
  return {
    positions,
    triangles: trianglesOf(primitive, count),
    colour: material === null ? PLAIN_COLOUR : colourOf(material, texture !== null),
    ...(texture === null || uvs === null ? {} : { texture, uvs: Float32Array.from(uvs) }),
  };
}

function trianglesOf(primitive: Primitive, vertices: number): Uint32Array {
  const indices = primitive.getIndices()?.getArray() ?? null;
  const wanted = indices === null ? vertices - (vertices % 3) : indices.length - (indices.length % 3);
  if (wanted / 3 > MAX_TRIANGLES) throw new CannotDecode('too_large');
  const triangles = new Uint32Array(wanted);
  let to = 0;
  for (let i = 0; i < wanted; i += 3) {
    const corners = [0, 1, 2].map((corner) => (indices === null ? i + corner : (indices[i + corner] ?? 0)));
    if (corners.some((corner) => corner >= vertices)) continue;
    triangles.set(corners, to);
    to += 3;
  }
  return triangles.slice(0, to);
}

/** Factors are linear light; the picture is not. Bare metal has no colour of its own to show without surroundings. */
function colourOf(material: Material, textured: boolean): readonly [number, number, number] {
  const [red, green, blue] = material.getBaseColorFactor();
  const lift = textured ? 0 : 0.02;
  const screen = (value: number): number =>
    Math.round(255 * Math.min(1, Math.max(0, value + lift)) ** (1 / 2.2));
  return [screen(red), screen(green), screen(blue)];
}

async function textureOf(material: Material, known: Map<Material, Raster | null>): Promise<Raster | null> {
  const before = known.get(material);
  if (before !== undefined) return before;
  const image = material.getBaseColorTexture()?.getImage() ?? null;
  const drawn = image === null || known.size >= MOST_TEXTURES ? null : await drawTexture(image);
  known.set(material, drawn);
  return drawn;
}

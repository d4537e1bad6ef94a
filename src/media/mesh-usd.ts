import { posix } from 'node:path';
import { type UnzipFileInfo, unzipSync } from 'fflate';
import type { Facts } from './contract.ts';
import { moreFacts } from './finite.ts';
import { Corners } from './mesh-corners.ts';
import { drawTexture, MAX_VERTICES, type Part, PLAIN_COLOUR, sizeFacts } from './mesh.ts';
import { combined, IDENTITY, type Matrix, Z_TO_Y } from './mesh-matrix.ts';
import { oneLine } from './one-line.ts';
import { CannotDecode } from './outcome.ts';
import type { Raster } from './raster.ts';
import { UsdLayer } from './usd-layer.ts';

const MOST_ENTRIES = 2000;
const MOST_BYTES = 512 * 1024 * 1024;
const MOST_TEXTURES = 12;
const DEEPEST = 64;
const MOST_PRIMS = 200_000;
const LAYER = /\.usd[ac]?$/i;
const PICTURE = /\.(png|jpe?g|webp|avif)$/i;

export interface UsdLook {
  readonly parts: readonly Part[];
  readonly more: NonNullable<Facts['more']>;
  readonly text: string;
}

/** Reads a USDZ package: shapes where they stand, with colours and textures; nothing outside of it is looked for. */
export async function readUsdz(bytes: Buffer): Promise<UsdLook> {
  const files = unpacked(bytes);
  const root = Object.keys(files).find((name) => LAYER.test(name));
  if (root === undefined) throw new CannotDecode('damaged');
  return new Scene(files).read(root);
}

/** Reads a single USD file, written or binary. */
export function readUsd(bytes: Buffer): Promise<UsdLook> {
  return new Scene({ 'scene.usd': bytes }).read('scene.usd');
}

function unpacked(bytes: Buffer): Record<string, Uint8Array> {
  let total = 0;
  let entries = 0;
  const filter = ({ name, originalSize }: UnzipFileInfo): boolean => {
    entries += 1;
    total += originalSize;
    // Its files are stored as they are: one that would grow is none of it.
    if (entries > MOST_ENTRIES || total > MOST_BYTES || originalSize > bytes.length)
      throw new CannotDecode('too_large');
    return LAYER.test(name) || PICTURE.test(name);
  };
  try {
    return unzipSync(bytes, { filter });
  } catch (error) {
    throw error instanceof CannotDecode ? error : new CannotDecode('damaged', error);
  }
}

interface Place {
  readonly file: string;
  readonly path: string;
  readonly matrix: Matrix;
  readonly depth: number;
  /** The surface that a part above has. */
  readonly surface: { readonly file: string; readonly path: string } | null;
}

class Scene {
  readonly #files: Readonly<Record<string, Uint8Array>>;
  readonly #layers = new Map<string, UsdLayer | null>();
  readonly #textures = new Map<string, Raster | null>();
  readonly #names: (string | undefined)[] = [];
  readonly #parts: Part[] = [];
  #vertices = 0;
  #prims = 0;
  #materials = 0;

  constructor(files: Readonly<Record<string, Uint8Array>>) {
    this.#files = files;
  }

  async read(root: string): Promise<UsdLook> {
    const layer = this.#layer(root);
    if (layer === null) throw new CannotDecode('damaged');
    const matrix = layer.fields('/')['upAxis'] === 'Z' ? Z_TO_Y : IDENTITY;
    await this.#walk({ file: root, path: '/', matrix, depth: 0, surface: null });
    const isMoving = [...this.#layers.values()].some((one) => one?.isMoving() === true);
    const more = moreFacts({
      ...(this.#parts.length === 0 ? {} : sizeFacts(this.#parts)),
      meshes: this.#parts.length || undefined,
      materials: this.#materials || undefined,
      textures: Object.keys(this.#files).filter((name) => PICTURE.test(name)).length || undefined,
      animated: isMoving || undefined,
    });
    const names = [...new Set(this.#names.filter((name) => name !== undefined))];
    return { parts: this.#parts, more, text: names.slice(0, 250).join('\n') };
  }

  async #walk(place: Place): Promise<void> {
    const layer = this.#layer(place.file);
    this.#prims += 1;
    if (layer === null || place.depth > DEEPEST) return;
    if (this.#prims > MOST_PRIMS) throw new CannotDecode('too_large');
    const { file, path, depth } = place;
    const fields = layer.fields(path);
    const type = layer.typeOf(path);
    if (type === 'Material') this.#materials += 1;
    if (path !== '/') this.#names.push(oneLine(path.slice(path.lastIndexOf('/') + 1), 80));
    const matrix = combined(place.matrix, layer.localOf(path));
    const bound = layer.target(path, 'material:binding');
    const surface = bound === null ? place.surface : { file, path: bound };
    const here: Place = { ...place, matrix, surface, depth: depth + 1 };
    if (type === 'Mesh') await this.#draw(layer, here);
    for (const reference of [fields['references'], fields['payload']].flat())
      await this.#follow(reference, here);
    for (const child of layer.childrenOf(path)) await this.#walk({ ...here, path: child });
  }

  /** Another file of the package, as `@path@</Part>`; one beside the package does not exist. */
  async #follow(reference: unknown, place: Place): Promise<void> {
    const [, target = '', prim = ''] = /^@([^@]*)@(?:<([^>]*)>)?$/.exec(String(reference)) ?? [];
    const file = posix.join(posix.dirname(place.file), target);
    const layer = target === '' ? null : this.#layer(file);
    if (layer === null) return;
    const named = layer.fields('/')['defaultPrim'];
    const path =
      prim !== '' ? prim : typeof named === 'string' ? `/${named}` : (layer.childrenOf('/')[0] ?? '/');
    await this.#walk({ ...place, file, path });
  }

  #layer(file: string): UsdLayer | null {
    const before = this.#layers.get(file);
    if (before !== undefined) return before;
    const bytes = this.#files[file];
    const layer = bytes === undefined || !LAYER.test(file) ? null : new UsdLayer(bytes);
    this.#layers.set(file, layer);
    return layer;
  }

  async #draw(layer: UsdLayer, { path, matrix, surface }: Place): Promise<void> {
    const points = layer.numbers(path, 'points');
    const corners = layer.numbers(path, 'faceVertexIndices');
    const counts = layer.numbers(path, 'faceVertexCounts');
    if (points === null || corners === null || counts === null) return;
    const uvs = uvFinder(layer, path, corners.length);
    const shape = new Corners();
    let at = 0;
    for (let face = 0; face < counts.length; face += 1) {
      const count = Math.min(counts[face] ?? 0, corners.length - at);
      const places = Array.from({ length: Math.max(0, count) }, (_, i) => at + i);
      const vertices = places.map((corner) => corners[corner] ?? 0);
      shape.addFace(
        vertices,
        uvs === null ? [] : places.flatMap((corner) => uvs(corner, corners[corner] ?? 0)),
      );
      at += count;
    }
    const part = shape.part(points, matrix);
    this.#vertices += part.positions.length / 3;
    if (this.#vertices > MAX_VERTICES) throw new CannotDecode('too_large');
    const shown = layer.numbers(path, 'primvars:displayColor');
    this.#parts.push({ ...part, ...(await this.#surfaceOf(surface, shown, part.uvs !== undefined)) });
  }

  async #surfaceOf(
    surface: Place['surface'],
    shown: ArrayLike<number> | null,
    hasUvs: boolean,
  ): Promise<Pick<Part, 'colour' | 'texture'>> {
    const layer = surface === null ? null : this.#layer(surface.file);
    const plain = shown !== null && shown.length >= 3 ? screenColour(shown) : PLAIN_COLOUR;
    if (layer === null || surface === null) return { colour: plain };
    for (const shader of layer.childrenOf(surface.path)) {
      const linked = layer.target(shader, 'inputs:diffuseColor');
      if (linked !== null && hasUvs) {
        const texture = await this.#texture(layer, surface.file, linked.slice(0, linked.lastIndexOf('.')));
        if (texture !== null) return { colour: [255, 255, 255], texture };
      }
      const colour = layer.numbers(shader, 'inputs:diffuseColor');
      if (colour !== null && colour.length >= 3) return { colour: screenColour(colour) };
    }
    return { colour: plain };
  }

  async #texture(layer: UsdLayer, file: string, shader: string): Promise<Raster | null> {
    const named = String(layer.value(shader, 'inputs:file') ?? '').replaceAll('@', '');
    const path = posix.join(posix.dirname(file), named);
    const before = this.#textures.get(path);
    if (before !== undefined) return before;
    const bytes = this.#files[path];
    const isWanted = bytes !== undefined && PICTURE.test(path) && this.#textures.size < MOST_TEXTURES;
    const drawn = isWanted ? await drawTexture(bytes) : null;
    this.#textures.set(path, drawn);
    return drawn;
  }
}

/** Where a corner lies on the texture; the format counts from below, pictures from above. */
function uvFinder(
  layer: UsdLayer,
  path: string,
  corners: number,
): ((corner: number, vertex: number) => [number, number]) | null {
  const name = ['primvars:st', 'primvars:UVMap', 'primvars:st0'].find(
    (one) => layer.numbers(path, one) !== null,
  );
  const list = name === undefined ? null : layer.numbers(path, name);
  if (name === undefined || list === null) return null;
  const index = layer.numbers(path, `${name}:indices`);
  const isByCorner = (index ?? { length: list.length / 2 }).length >= corners;
  return (corner, vertex) => {
    const at = isByCorner ? corner : vertex;
    const place = index === null ? at : (index[at] ?? 0);
    return [list[place * 2] ?? 0, 1 - (list[place * 2 + 1] ?? 0)];
  };
}

function screenColour(linear: ArrayLike<number>): readonly [number, number, number] {
  const screen = (i: number) =>
    Math.round(255 * Math.min(1, Math.max(0, (linear[i] ?? 0) + 0.02)) ** (1 / 2.2));
  return [screen(0), screen(1), screen(2)];
}

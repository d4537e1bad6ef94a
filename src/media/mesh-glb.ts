import { fromRaster } from './picture.ts';
import type { Part } from './mesh.ts';

const FLOAT = 5126;
const UINT = 5125;
const UBYTE = 5121;
const POINTS = 0;
const TRIANGLES = 4;

/** More than this is slow to turn in a browser. */
const MOST_VERTICES = 1_500_000;

/**
 * The drawn parts as one GLB file without anything packed, so that every viewer of that format shows what came in
 * another. Null for nothing, and for more than a browser turns.
 */
export async function writeGlb(parts: readonly Part[]): Promise<Buffer | null> {
  const vertices = parts.reduce((sum, { positions }) => sum + positions.length / 3, 0);
  if (vertices === 0 || vertices > MOST_VERTICES) return null;
  const file = new Glb();
  for (const part of parts) {
    if (part.positions.length > 0) await file.add(part);
  }
  return file.bytes();
}

class Glb {
  readonly #chunks: Buffer[] = [];
  #length = 0;
  readonly #views: object[] = [];
  readonly #accessors: object[] = [];
  readonly #primitives: object[] = [];
  readonly #materials: object[] = [];
  readonly #images: object[] = [];
  readonly #textures = new Map<Part['texture'], number>();

  async add(part: Part): Promise<void> {
    const { positions, triangles, colours, uvs } = part;
    const count = positions.length / 3;
    const attributes = {
      POSITION: this.#accessor(positions, {
        componentType: FLOAT,
        type: 'VEC3',
        count,
        ...bounds(positions),
      }),
      ...(colours === undefined || colours.length !== count * 3
        ? {}
        : { COLOR_0: this.#accessor(withAlpha(colours), colourType(count)) }),
      ...(uvs === undefined || uvs.length !== count * 2
        ? {}
        : { TEXCOORD_0: this.#accessor(uvs, { componentType: FLOAT, type: 'VEC2', count }) }),
    };
    const isCloud = triangles.length === 0;
    const indices = { componentType: UINT, type: 'SCALAR', count: triangles.length };
    this.#primitives.push({
      attributes,
      mode: isCloud ? POINTS : TRIANGLES,
      material: await this.#material(part),
      ...(isCloud ? {} : { indices: this.#accessor(triangles, indices) }),
    });
  }

  bytes(): Buffer {
    const json = Buffer.from(
      JSON.stringify({
        asset: { version: '2.0', generator: 'Backlot' },
        scene: 0,
        scenes: [{ nodes: [0] }],
        nodes: [{ mesh: 0 }],
        meshes: [{ primitives: this.#primitives }],
        materials: this.#materials,
        accessors: this.#accessors,
        bufferViews: this.#views,
        buffers: [{ byteLength: this.#length }],
        ...(this.#images.length === 0
          ? {}
          : { images: this.#images, textures: this.#images.map((_, source) => ({ source })) }),
      }),
    );
    const text = padded(json, 0x20);
    const head = Buffer.alloc(20);
    head.write('glTF', 0, 'latin1');
    head.writeUInt32LE(2, 4);
    head.writeUInt32LE(28 + text.length + this.#length, 8);
    head.writeUInt32LE(text.length, 12);
    head.write('JSON', 16, 'latin1');
    const body = Buffer.alloc(8);
    body.writeUInt32LE(this.#length, 0);
    body.write('BIN\0', 4, 'latin1');
    return Buffer.concat([head, text, body, ...this.#chunks]);
  }

  #view(bytes: Buffer): number {
    const whole = padded(bytes, 0);
    this.#views.push({ buffer: 0, byteOffset: this.#length, byteLength: bytes.length });
    this.#chunks.push(whole);
    this.#length += whole.length;
    return this.#views.length - 1;
  }

  #accessor(values: Float32Array | Uint32Array | Uint8Array, shape: object): number {
    const bytes = Buffer.from(values.buffer, values.byteOffset, values.byteLength);
    this.#accessors.push({ bufferView: this.#view(bytes), ...shape });
    return this.#accessors.length - 1;
  }

  async #material({ colour, texture, colours }: Part): Promise<number> {
    const base = colours === undefined ? colour : [255, 255, 255];
    const linear = base.map((value) => Number(((value / 255) ** 2.2).toFixed(4)));
    this.#materials.push({
      doubleSided: true,
      pbrMetallicRoughness: {
        baseColorFactor: [...linear, 1],
        metallicFactor: 0,
        roughnessFactor: 0.7,
        ...(texture === undefined ? {} : { baseColorTexture: { index: await this.#texture(texture) } }),
      },
    });
    return this.#materials.length - 1;
  }

  async #texture(texture: NonNullable<Part['texture']>): Promise<number> {
    const before = this.#textures.get(texture);
    if (before !== undefined) return before;
    const bytes = await fromRaster(texture).png({ compressionLevel: 6 }).toBuffer();
    this.#images.push({ bufferView: this.#view(bytes), mimeType: 'image/png' });
    this.#textures.set(texture, this.#images.length - 1);
    return this.#images.length - 1;
  }
}

function colourType(count: number): object {
  return { componentType: UBYTE, type: 'VEC4', count, normalized: true };
}

/** Four bytes for each, since every element has to begin at a multiple of four. */
function withAlpha(colours: Uint8Array): Uint8Array {
  const found = new Uint8Array((colours.length / 3) * 4).fill(255);
  for (let i = 0; i < colours.length; i += 1) {
    // Vertex colours are linear light in this format.
    found[Math.floor(i / 3) * 4 + (i % 3)] = Math.round(255 * ((colours[i] ?? 0) / 255) ** 2.2);
  }
  return found;
}

/** The format demands the box of all positions. */
function bounds(positions: Float32Array): { min: number[]; max: number[] } {
  const min = [Infinity, Infinity, Infinity];
  const max = [-Infinity, -Infinity, -Infinity];
  for (const [i, value] of positions.entries()) {
    const axis = i % 3;
    if (value < (min[axis] ?? 0)) min[axis] = value;
    if (value > (max[axis] ?? 0)) max[axis] = value;
  }
  return { min, max };
}

function padded(bytes: Buffer, filler: number): Buffer {
  const missing = (4 - (bytes.length % 4)) % 4;
  return missing === 0 ? bytes : Buffer.concat([bytes, Buffer.alloc(missing, filler)]);
}

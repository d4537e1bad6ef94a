import sharp from 'sharp';
import type { Facts } from './contract.ts';
import { moreFacts } from './finite.ts';
import { CannotDecode } from './outcome.ts';
import { toRaster } from './picture.ts';
import type { Raster } from './raster.ts';

/** What is drawn in one colour: points in space, three indices per triangle. */
export interface Part {
  /** x, y, z per vertex; y is up. */
  readonly positions: Float32Array;
  /** Empty for a cloud of points. */
  readonly triangles: Uint32Array;
  /** Red, green, blue, 0–255. */
  readonly colour: readonly [number, number, number];
  /** One colour per vertex, where the file has them. */
  readonly colours?: Uint8Array;
  /** u, v per vertex, with a texture. */
  readonly uvs?: Float32Array;
  readonly texture?: Raster;
}

export interface Model {
  readonly parts: readonly Part[];
  readonly more: NonNullable<Facts['more']>;
  readonly title?: string;
  /** Names of parts and materials, for search. */
  readonly text?: string;
}

export const PLAIN_COLOUR = [176, 182, 194] as const;
/** What is drawn within seconds and fits the memory of a decoding process. */
export const MAX_TRIANGLES = 2_000_000;
export const MAX_VERTICES = 6_000_000;

/** Numbers of which a file may declare more than it holds: growing by doubling costs what is really there. */
export class Floats {
  #values = new Float32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  at(index: number): number {
    return this.#values[index] ?? 0;
  }

  push(value: number): void {
    if (this.#length === this.#values.length) {
      if (this.#length > MAX_VERTICES * 3) throw new CannotDecode('too_large');
      const larger = new Float32Array(this.#length * 2);
      larger.set(this.#values);
      this.#values = larger;
    }
    this.#values[this.#length] = Number.isFinite(value) ? value : 0;
    this.#length += 1;
  }

  done(): Float32Array {
    return this.#values.slice(0, this.#length);
  }
}

/** Corners of faces as indices of vertices, cut into triangles; indices of nothing are left out. */
export class Faces {
  #indices = new Uint32Array(1024);
  #length = 0;

  get count(): number {
    return this.#length / 3;
  }

  add(corners: readonly number[]): void {
    for (let i = 2; i < corners.length; i += 1) {
      if (this.#length + 3 > this.#indices.length) {
        const larger = new Uint32Array(this.#indices.length * 2);
        larger.set(this.#indices);
        this.#indices = larger;
      }
      if (this.count >= MAX_TRIANGLES) throw new CannotDecode('too_large');
      this.#indices[this.#length] = corners[0] ?? 0;
      this.#indices[this.#length + 1] = corners[i - 1] ?? 0;
      this.#indices[this.#length + 2] = corners[i] ?? 0;
      this.#length += 3;
    }
  }

  /** Only triangles whose corners exist. */
  done(vertices: number): Uint32Array {
    const kept = new Uint32Array(this.#length);
    let to = 0;
    for (let i = 0; i < this.#length; i += 3) {
      const [a = 0, b = 0, c = 0] = this.#indices.subarray(i, i + 3);
      if (a >= vertices || b >= vertices || c >= vertices) continue;
      kept[to] = a;
      kept[to + 1] = b;
      kept[to + 2] = c;
      to += 3;
    }
    return kept.slice(0, to);
  }
}

/** Counts and size of what is drawn, as facts. */
export function sizeFacts(parts: readonly Part[]): NonNullable<Facts['more']> {
  const box = boundsOf(parts);
  const sides =
    box === null ? [] : box.high.map((high, axis) => Number((high - (box.low[axis] ?? 0)).toPrecision(4)));
  return moreFacts({
    vertices: parts.reduce((sum, part) => sum + part.positions.length / 3, 0),
    triangles: parts.reduce((sum, part) => sum + part.triangles.length / 3, 0),
    extent: box === null ? undefined : sides.join(' × '),
  });
}

interface Box {
  readonly low: readonly number[];
  readonly high: readonly number[];
}

function boundsOf(parts: readonly Part[]): Box | null {
  const low = [Infinity, Infinity, Infinity];
  const high = [-Infinity, -Infinity, -Infinity];
  for (const { positions } of parts) {
    for (let i = 0; i < positions.length; i += 1) {
      const value = positions[i] ?? 0;
      const axis = i % 3;
      if (value < (low[axis] ?? 0)) low[axis] = value;
      if (value > (high[axis] ?? 0)) high[axis] = value;
    }
  }
  return low.every(Number.isFinite) && high.every(Number.isFinite) ? { low, high } : null;
}

const TEXTURE_SIDE = 512;

/** The picture of a surface as far as a thumbnail shows it; null for what is no picture. */
export async function drawTexture(image: Uint8Array): Promise<Raster | null> {
  try {
    const pipeline = sharp(image, { limitInputPixels: 70e6 });
    return await toRaster(
      pipeline.resize(TEXTURE_SIDE, TEXTURE_SIDE, { fit: 'inside', withoutEnlargement: true }),
    );
  } catch {
    return null;
  }
}

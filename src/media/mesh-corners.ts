import { Faces, MAX_VERTICES, type Part } from './mesh.ts';
import { type Matrix, throughMatrix, type Vector } from './mesh-matrix.ts';
import { CannotDecode } from './outcome.ts';

/** Faces whose corners have a place on a texture of their own each, as modelling programs keep them. */
export class Corners {
  readonly #faces = new Faces();
  readonly #vertices: number[] = [];
  readonly #uvs: number[] = [];

  /** `uvs` are pairs, two numbers for each corner; none for a face without a texture. */
  addFace(vertices: readonly number[], uvs: readonly number[]): void {
    const first = this.#vertices.length;
    if (first + vertices.length > MAX_VERTICES) throw new CannotDecode('too_large');
    this.#faces.add(vertices.map((_, i) => first + i));
    for (const vertex of vertices) this.#vertices.push(vertex);
    for (const value of uvs) this.#uvs.push(value);
  }

  /** The corners where they stand; `points` are threes of numbers. */
  part(points: ArrayLike<number>, matrix: Matrix): Omit<Part, 'colour'> {
    const count = this.#vertices.length;
    const positions = new Float32Array(count * 3);
    for (const [to, vertex] of this.#vertices.entries()) {
      const from = vertex * 3;
      const point: Vector = [points[from] ?? 0, points[from + 1] ?? 0, points[from + 2] ?? 0];
      positions.set(throughMatrix(matrix, point), to * 3);
    }
    const hasUvs = this.#uvs.length === count * 2;
    return {
      positions,
      triangles: this.#faces.done(count),
      ...(hasUvs ? { uvs: Float32Array.from(this.#uvs) } : {}),
    };
  }
}

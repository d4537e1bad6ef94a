/** A transform of points: sixteen numbers, column by column. */
export type Matrix = readonly number[];
export type Vector = readonly [number, number, number];

export const IDENTITY: Matrix = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1];

/** First the last, then the one before it. */
export function combined(...all: readonly Matrix[]): Matrix {
  return all.reduce((left, right) => multiply(left, right), IDENTITY);
}

function multiply(left: Matrix, right: Matrix): Matrix {
  const found: number[] = [];
  for (let column = 0; column < 4; column += 1) {
    for (let row = 0; row < 4; row += 1) {
      let sum = 0;
      for (let k = 0; k < 4; k += 1) sum += (left[k * 4 + row] ?? 0) * (right[column * 4 + k] ?? 0);
      found.push(sum);
    }
  }
  return found;
}

export function moved([x, y, z]: Vector): Matrix {
  return [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, x, y, z, 1];
}

export function scaled([x, y, z]: Vector): Matrix {
  return [x, 0, 0, 0, 0, y, 0, 0, 0, 0, z, 0, 0, 0, 0, 1];
}

/** Degrees about the axes, in the order in which they are applied. */
export function turned(angles: Vector, order = 'xyz'): Matrix {
  const about: Readonly<Record<string, Matrix>> = {
    x: turn(angles[0], 1, 2),
    y: turn(angles[1], 2, 0),
    z: turn(angles[2], 0, 1),
  };
  return combined(...[...order].toReversed().map((axis) => about[axis] ?? IDENTITY));
}

function turn(degrees: number, from: number, to: number): Matrix {
  const angle = (degrees * Math.PI) / 180;
  const found = [...IDENTITY];
  found[from * 4 + from] = Math.cos(angle);
  found[from * 4 + to] = Math.sin(angle);
  found[to * 4 + from] = -Math.sin(angle);
  found[to * 4 + to] = Math.cos(angle);
  return found;
}

/** Of a rotation, which is turned back by it. */
export function transposed(matrix: Matrix): Matrix {
  return matrix.map((_, i) => matrix[(i % 4) * 4 + (i >> 2)] ?? 0);
}

/** A point through the matrix; what is not finite becomes 0. */
export function throughMatrix(matrix: Matrix, [x, y, z]: Vector): Vector {
  const on = (axis: number): number => {
    const value =
      (matrix[axis] ?? 0) * x +
      (matrix[4 + axis] ?? 0) * y +
      (matrix[8 + axis] ?? 0) * z +
      (matrix[12 + axis] ?? 0);
    return Number.isFinite(value) ? value : 0;
  };
  return [on(0), on(1), on(2)];
}

/** From a world whose z is up to one whose y is. */
export const Z_TO_Y: Matrix = [1, 0, 0, 0, 0, 0, -1, 0, 0, 1, 0, 0, 0, 0, 0, 1];

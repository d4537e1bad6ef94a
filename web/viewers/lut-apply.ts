/** Pixels as a canvas gives them: red, green, blue and opacity, 0–255. */
export interface Pixels {
  readonly data: Uint8ClampedArray;
  readonly width: number;
  readonly height: number;
}

/**
 * Puts every pixel through a table that is drawn as a picture: a square for each blue from left to right, red to the
 * right and green downwards in it. Between its samples it is straight. False for a picture that is no such table.
 */
export function applyTable(pixels: Uint8ClampedArray, table: Pixels): boolean {
  const size = table.height;
  if (size < 2 || table.width !== size * size) return false;
  const { data } = table;
  const scale = (size - 1) / 255;
  const row = table.width * 4;
  for (let at = 0; at < pixels.length; at += 4) {
    const [r, rs] = place((pixels[at] ?? 0) * scale, size);
    const [g, gs] = place((pixels[at + 1] ?? 0) * scale, size);
    const [b, bs] = place((pixels[at + 2] ?? 0) * scale, size);
    const near = g * row + (b * size + r) * 4;
    const far = near + size * 4;
    for (let c = 0; c < 3; c += 1) {
      const front = square(data, near + c, { row, rs, gs });
      pixels[at + c] = front + (square(data, far + c, { row, rs, gs }) - front) * bs;
    }
  }
  return true;
}

/** The sample below a place on an axis, and the share of the one above. */
function place(value: number, size: number): readonly [number, number] {
  const below = Math.min(size - 2, Math.floor(value));
  return [below, value - below];
}

function square(
  data: Uint8ClampedArray,
  at: number,
  { row, rs, gs }: { row: number; rs: number; gs: number },
): number {
  const top = data[at] ?? 0;
  const bottom = data[at + row] ?? 0;
  const above = top + ((data[at + 4] ?? 0) - top) * rs;
  const below = bottom + ((data[at + row + 4] ?? 0) - bottom) * rs;
  return above + (below - above) * gs;
}

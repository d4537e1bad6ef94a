import type { Part } from './mesh.ts';
import { byteAt, type Raster } from './raster.ts';

/** Where the eye is, seen from the middle of the model: in front, a little to the right and above. */
const EYE = unit([0.62, 0.48, 0.9]);
const LIGHT = unit([0.25, 0.9, 0.55]);
const MARGIN = 0.08;

type Vector = readonly [number, number, number];

/** The camera's right and up, so that world y stays upright. */
const RIGHT = unit(cross([0, 1, 0], EYE));
const UP = cross(EYE, RIGHT);

interface View {
  readonly side: number;
  readonly scale: number;
  /** What stands in the middle of the picture, along the camera's right and up. */
  readonly across: number;
  readonly upward: number;
}

interface Canvas {
  readonly side: number;
  readonly data: Uint8Array;
  readonly depth: Float32Array;
}

/** Draws a model into a square of `side` pixels on a clear ground, without perspective; null when it has no extent. */
export function drawModel(parts: readonly Part[], side: number): Raster | null {
  const view = viewOf(parts, side);
  if (view === null) return null;
  const canvas: Canvas = {
    side,
    data: new Uint8Array(side * side * 4),
    depth: new Float32Array(side * side).fill(-Infinity),
  };
  for (const part of parts) {
    const points = project(part, view);
    if (part.triangles.length === 0) drawPoints(part, points, canvas);
    else drawTriangles(part, { points, shades: shadesOf(part) }, canvas);
  }
  return { data: canvas.data, width: side, height: side };
}

/** Fits what the eye sees of the model into the square. */
function viewOf(parts: readonly Part[], side: number): View | null {
  let [left, right, bottom, top] = [Infinity, -Infinity, Infinity, -Infinity];
  for (const { positions } of parts) {
    for (let i = 0; i + 2 < positions.length; i += 3) {
      const point: Vector = [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0];
      const across = dot(point, RIGHT);
      const upward = dot(point, UP);
      if (across < left) left = across;
      if (across > right) right = across;
      if (upward < bottom) bottom = upward;
      if (upward > top) top = upward;
    }
  }
  const reach = Math.max(right - left, top - bottom);
  if (!(reach > 0) || !Number.isFinite(reach)) return null;
  return {
    side,
    scale: (side * (1 - 2 * MARGIN)) / reach,
    across: (left + right) / 2,
    upward: (bottom + top) / 2,
  };
}

/** Pixel x, pixel y and nearness of each vertex. */
function project({ positions }: Part, { side, scale, across, upward }: View): Float32Array {
  const points = new Float32Array(positions.length);
  for (let i = 0; i + 2 < positions.length; i += 3) {
    const point: Vector = [positions[i] ?? 0, positions[i + 1] ?? 0, positions[i + 2] ?? 0];
    points[i] = side / 2 + (dot(point, RIGHT) - across) * scale;
    points[i + 1] = side / 2 - (dot(point, UP) - upward) * scale;
    points[i + 2] = dot(point, EYE) * scale;
  }
  return points;
}

/** Brightness of each vertex from the mean direction of its faces, turned to the eye: many files mix their windings. */
function shadesOf({ positions, triangles }: Part): Float32Array {
  const normals = new Float32Array(positions.length);
  const at = (index: number): Vector => [
    positions[index * 3] ?? 0,
    positions[index * 3 + 1] ?? 0,
    positions[index * 3 + 2] ?? 0,
  ];
  for (let i = 0; i < triangles.length; i += 3) {
    const [a, b, c] = [at(triangles[i] ?? 0), at(triangles[i + 1] ?? 0), at(triangles[i + 2] ?? 0)];
    const normal = cross(minus(b, a), minus(c, a));
    for (let corner = 0; corner < 3; corner += 1) {
      const to = (triangles[i + corner] ?? 0) * 3;
      for (let axis = 0; axis < 3; axis += 1)
        normals[to + axis] = (normals[to + axis] ?? 0) + (normal[axis] ?? 0);
    }
  }
  const shades = new Float32Array(positions.length / 3);
  for (let i = 0; i < shades.length; i += 1) {
    const normal = unit([normals[i * 3] ?? 0, normals[i * 3 + 1] ?? 0, normals[i * 3 + 2] ?? 0]);
    const facing = dot(normal, EYE) < 0 ? -1 : 1;
    const lit = Math.max(0, facing * dot(normal, LIGHT));
    shades[i] = 0.34 + 0.5 * lit + 0.2 * Math.abs(dot(normal, EYE));
  }
  return shades;
}

interface Shaded {
  readonly points: Float32Array;
  readonly shades: Float32Array;
}

function drawTriangles(part: Part, { points, shades }: Shaded, canvas: Canvas): void {
  for (let i = 0; i < part.triangles.length; i += 3) {
    const corners: Vector = [part.triangles[i] ?? 0, part.triangles[i + 1] ?? 0, part.triangles[i + 2] ?? 0];
    const [ax = 0, ay = 0, az = 0] = points.subarray(corners[0] * 3, corners[0] * 3 + 3);
    const [bx = 0, by = 0, bz = 0] = points.subarray(corners[1] * 3, corners[1] * 3 + 3);
    const [cx = 0, cy = 0, cz = 0] = points.subarray(corners[2] * 3, corners[2] * 3 + 3);
    const area = (bx - ax) * (cy - ay) - (cx - ax) * (by - ay);
    if (!(Math.abs(area) > 1e-6)) continue;
    const left = Math.max(0, Math.floor(Math.min(ax, bx, cx)));
    const right = Math.min(canvas.side - 1, Math.ceil(Math.max(ax, bx, cx)));
    const top = Math.max(0, Math.floor(Math.min(ay, by, cy)));
    const bottom = Math.min(canvas.side - 1, Math.ceil(Math.max(ay, by, cy)));
    for (let y = top; y <= bottom; y += 1) {
      for (let x = left; x <= right; x += 1) {
        const wb = ((x + 0.5 - ax) * (cy - ay) - (cx - ax) * (y + 0.5 - ay)) / area;
        const wc = ((bx - ax) * (y + 0.5 - ay) - (x + 0.5 - ax) * (by - ay)) / area;
        const wa = 1 - wb - wc;
        if (wa < 0 || wb < 0 || wc < 0) continue;
        const near = wa * az + wb * bz + wc * cz;
        const to = y * canvas.side + x;
        if (near <= (canvas.depth[to] ?? 0)) continue;
        canvas.depth[to] = near;
        const weights: Vector = [wa, wb, wc];
        const shade =
          wa * (shades[corners[0]] ?? 0) + wb * (shades[corners[1]] ?? 0) + wc * (shades[corners[2]] ?? 0);
        paint(canvas, to, { colour: colourAt(part, corners, weights), shade });
      }
    }
  }
}

function colourAt(part: Part, corners: Vector, weights: Vector): Vector {
  const { texture, uvs, colours, colour } = part;
  const mixed = (values: ArrayLike<number>, width: number, channel: number): number => {
    let sum = 0;
    for (let i = 0; i < 3; i += 1)
      sum += (weights[i] ?? 0) * (values[(corners[i] ?? 0) * width + channel] ?? 0);
    return sum;
  };
  if (texture !== undefined && uvs !== undefined) {
    const wrap = (value: number): number => value - Math.floor(value);
    const x = Math.min(texture.width - 1, Math.floor(wrap(mixed(uvs, 2, 0)) * texture.width));
    const y = Math.min(texture.height - 1, Math.floor(wrap(mixed(uvs, 2, 1)) * texture.height));
    const at = (y * texture.width + x) * 4;
    const tinted = (c: 0 | 1 | 2): number => (byteAt(texture.data, at + c) * colour[c]) / 255;
    return [tinted(0), tinted(1), tinted(2)];
  }
  if (colours !== undefined) return [mixed(colours, 3, 0), mixed(colours, 3, 1), mixed(colours, 3, 2)];
  return colour;
}

function drawPoints(part: Part, points: Float32Array, canvas: Canvas): void {
  for (let i = 0; i + 2 < points.length; i += 3) {
    const x = Math.floor(points[i] ?? 0);
    const y = Math.floor(points[i + 1] ?? 0);
    const near = points[i + 2] ?? 0;
    const at: Vector = [i / 3, i / 3, i / 3];
    for (const [dx, dy] of [
      [0, 0],
      [1, 0],
      [0, 1],
      [1, 1],
    ] as const) {
      const [px, py] = [x + dx, y + dy];
      if (px < 0 || py < 0 || px >= canvas.side || py >= canvas.side) continue;
      const to = py * canvas.side + px;
      if (near <= (canvas.depth[to] ?? 0)) continue;
      canvas.depth[to] = near;
      paint(canvas, to, { colour: colourAt(part, at, [1, 0, 0]), shade: 1 });
    }
  }
}

function paint(canvas: Canvas, to: number, { colour, shade }: { colour: Vector; shade: number }): void {
  for (let c = 0; c < 3; c += 1) canvas.data[to * 4 + c] = Math.min(255, (colour[c] ?? 0) * shade);
  canvas.data[to * 4 + 3] = 255;
}

function dot(a: Vector, b: Vector): number {
  return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

function cross(a: Vector, b: Vector): Vector {
  return [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]];
}

function minus(a: Vector, b: Vector): Vector {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function unit(v: Vector): Vector {
  const length = Math.hypot(...v);
  return length > 0 ? [v[0] / length, v[1] / length, v[2] / length] : [0, 0, 0];
}

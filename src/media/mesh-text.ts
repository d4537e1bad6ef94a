import { Faces, Floats, type Model, PLAIN_COLOUR, sizeFacts } from './mesh.ts';
import { oneLine } from './one-line.ts';

const MOST_NAMES = 50;

/** Reads the shape of a Wavefront OBJ; materials lie in another file, which is never looked for. */
export function readObj(text: string): Model | null {
  const positions = new Floats();
  const faces = new Faces();
  const names = new Set<string>();
  const materials = new Set<string>();
  for (const line of linesOf(text)) {
    const parts = line.split(/\s+/);
    if (parts[0] === 'v') for (let axis = 1; axis <= 3; axis += 1) positions.push(Number(parts[axis]));
    else if (parts[0] === 'f') faces.add(cornersOf(parts, positions.length / 3));
    else if (parts[0] === 'o' || parts[0] === 'g') note(names, line.slice(2));
    else if (parts[0] === 'usemtl') note(materials, line.slice(7));
  }
  const vertices = positions.length / 3;
  if (vertices === 0) return null;
  const part = { positions: positions.done(), triangles: faces.done(vertices), colour: PLAIN_COLOUR };
  const more = { ...sizeFacts([part]), ...counted('objects', names), ...counted('materials', materials) };
  return { parts: [part], more, text: [...names, ...materials].join('\n') };
}

/** `f 1/2/3 4 -1`: only the vertex of each corner counts; negative ones count from the end. */
function cornersOf(parts: readonly string[], vertices: number): number[] {
  const corners: number[] = [];
  for (let i = 1; i < parts.length; i += 1) {
    const index = Number.parseInt(parts[i] ?? '', 10);
    if (Number.isNaN(index)) continue;
    const at = index < 0 ? vertices + index : index - 1;
    // An index of nothing must not wrap round to a large one.
    corners.push(at < 0 ? 0xffffffff : at);
  }
  return corners;
}

function counted(name: string, found: ReadonlySet<string>): Record<string, number> {
  return found.size === 0 ? {} : { [name]: found.size };
}

function note(names: Set<string>, text: string): void {
  const name = oneLine(text, 80);
  if (name !== undefined && names.size < MOST_NAMES) names.add(name);
}

/** Reads an ASCII STL: vertices of facets, three by three. */
export function readTextStl(text: string): Model | null {
  const positions = new Floats();
  for (const line of linesOf(text)) {
    if (!line.startsWith('vertex')) continue;
    const [, x, y, z] = line.split(/\s+/).map(Number);
    // Printers think z is up.
    for (const value of [x, z, -(y ?? 0)]) positions.push(value ?? 0);
  }
  const title = oneLine(/^solid\s+([^\r\n]*)/.exec(text.slice(0, 1000))?.[1], 120);
  return soup(positions, title);
}

/** Reads a binary STL: 80 bytes of anything, a count, then 50 bytes per triangle. */
export function readBinaryStl(bytes: Buffer): Model | null {
  if (bytes.length < 84) return null;
  const count = Math.min(bytes.readUInt32LE(80), Math.floor((bytes.length - 84) / 50));
  const positions = new Floats();
  for (let i = 0; i < count; i += 1) {
    for (let corner = 0; corner < 3; corner += 1) {
      const at = 84 + i * 50 + 12 + corner * 12;
      positions.push(bytes.readFloatLE(at));
      positions.push(bytes.readFloatLE(at + 8));
      positions.push(-bytes.readFloatLE(at + 4));
    }
  }
  return soup(positions, undefined);
}

/** Triangles that share no vertices. */
function soup(found: Floats, title: string | undefined): Model | null {
  const triangles = Math.floor(found.length / 9);
  if (triangles === 0) return null;
  const faces = new Faces();
  for (let i = 0; i < triangles; i += 1) faces.add([i * 3, i * 3 + 1, i * 3 + 2]);
  const positions = found.done();
  const part = { positions, triangles: faces.done(positions.length / 3), colour: PLAIN_COLOUR };
  return { parts: [part], more: sizeFacts([part]), ...(title === undefined ? {} : { title }) };
}

export function* linesOf(text: string): Generator<string> {
  for (let at = 0; at < text.length;) {
    const end = text.indexOf('\n', at);
    const stop = end < 0 ? text.length : end;
    const line = text.slice(at, Math.min(stop, at + 4000)).trim();
    if (line !== '') yield line;
    at = stop + 1;
  }
}

import { type FbxNode, fbxVersion, readFbxNodes } from './fbx-nodes.ts';
import {
  childNamed,
  type FbxObject,
  FbxScene,
  geometricOf,
  numbersIn,
  propertiesOf,
  textIn,
  vectorIn,
} from './fbx-scene.ts';
import type { Facts } from './contract.ts';
import { moreFacts } from './finite.ts';
import { Corners } from './mesh-corners.ts';
import { drawTexture, MAX_VERTICES, type Part, PLAIN_COLOUR, sizeFacts } from './mesh.ts';
import { combined, IDENTITY, type Matrix, Z_TO_Y } from './mesh-matrix.ts';
import { oneLine } from './one-line.ts';
import { CannotDecode } from './outcome.ts';
import type { Raster } from './raster.ts';

const WANTED = new Set(['Objects', 'Connections', 'GlobalSettings', 'Creator']);
const MOST_TEXTURES = 12;
const MOST_CORNERS = 100_000;

export interface FbxLook {
  readonly parts: readonly Part[];
  readonly more: NonNullable<Facts['more']>;
  readonly text: string;
  /** It holds movement and nothing to look at. */
  readonly isMotion: boolean;
}

/** Reads a binary FBX file: its shapes where they stand in the scene, their colours and the textures inside. */
export async function readFbx(bytes: Buffer): Promise<FbxLook> {
  const top = readFbxNodes(bytes, WANTED);
  const scene = new FbxScene(top);
  const parts = await partsOf(scene);
  const creator = top.find(({ name }) => name === 'Creator')?.values[0];
  const animations = scene.count('AnimationStack');
  const count = (kind: string, sort?: RegExp) => scene.count(kind, sort) || undefined;
  const meshes = count('Geometry', /^Mesh$/);
  const more = moreFacts({
    ...(parts.length === 0 ? {} : sizeFacts(parts)),
    meshes,
    materials: count('Material'),
    textures: count('Texture'),
    bones: count('Model', /^LimbNode$/),
    animations: count('AnimationCurve') === undefined ? undefined : animations || undefined,
    cameras: count('Model', /^Camera$/),
    lights: count('Model', /^Light$/),
    formatVersion: String((fbxVersion(bytes) ?? 0) / 1000),
    madeWith: oneLine(creator),
  });
  const names = [...scene.objects.values()]
    .filter(({ kind }) => ['Model', 'Material', 'AnimationStack'].includes(kind))
    .slice(0, 250)
    .map(({ name }) => oneLine(name, 80));
  return {
    parts,
    more,
    text: [...new Set(names.filter((name) => name !== undefined))].join('\n'),
    isMotion: meshes === undefined && animations > 0 && scene.count('AnimationCurve') > 0,
  };
}

async function partsOf(scene: FbxScene): Promise<Part[]> {
  const textures = new Map<string, Raster | null>();
  const parts: Part[] = [];
  let vertices = 0;
  for (const shape of scene.objects.values()) {
    if (shape.kind !== 'Geometry' || shape.sort !== 'Mesh') continue;
    for (const model of scene.parentsOf(shape, 'Model')) {
      const matrix = combined(
        scene.isZUp ? Z_TO_Y : IDENTITY,
        scene.worldOf(model),
        geometricOf(propertiesOf(model.node)),
      );
      const surfaces = scene.childrenOf(model, 'Material');
      for (const { place, part } of shapeOf(shape.node, matrix)) {
        vertices += part.positions.length / 3;
        if (vertices > MAX_VERTICES) throw new CannotDecode('too_large');
        parts.push({ ...part, ...(await surfaceOf(scene, surfaces[place], { part, textures })) });
      }
    }
  }
  return parts;
}

/** The shape, cut up by the surfaces that its faces have. Corners keep a place on a texture of their own. */
function shapeOf(node: FbxNode, matrix: Matrix): { place: number; part: Omit<Part, 'colour'> }[] {
  const points = numbersIn(node, 'Vertices');
  const corners = numbersIn(node, 'PolygonVertexIndex');
  if (points === null || corners === null) return [];
  const surfaces = surfaceFinder(childNamed(node, 'LayerElementMaterial'));
  const uvs = uvFinder(childNamed(node, 'LayerElementUV'));
  const groups = new Map<number, Corners>();
  let vertices: number[] = [];
  let places: number[] = [];
  let faces = 0;
  for (const [at, index] of corners.entries()) {
    const vertex = index < 0 ? -index - 1 : index;
    vertices.push(vertex);
    if (uvs !== null) places.push(...uvs(at, vertex));
    if (vertices.length > MOST_CORNERS) throw new CannotDecode('damaged');
    // The last corner of a face is told by its sign.
    if (index >= 0) continue;
    const group = groups.get(surfaces(faces)) ?? new Corners();
    groups.set(surfaces(faces), group);
    group.addFace(vertices, places);
    [vertices, places] = [[], []];
    faces += 1;
  }
  return [...groups].map(([place, group]) => ({ place, part: group.part(points, matrix) }));
}

function surfaceFinder(layer: FbxNode | undefined): (face: number) => number {
  const list = numbersIn(layer, 'Materials');
  const isByFace = textIn(layer, 'MappingInformationType') === 'ByPolygon';
  return (face) => Math.max(0, list?.[isByFace ? face : 0] ?? 0);
}

/** Where a corner lies on the texture; the format counts from below, pictures from above. */
function uvFinder(layer: FbxNode | undefined): ((corner: number, vertex: number) => [number, number]) | null {
  const list = numbersIn(layer, 'UV');
  if (list === null) return null;
  const index = numbersIn(layer, 'UVIndex');
  const isByVertex = textIn(layer, 'MappingInformationType').startsWith('ByVert');
  return (corner, vertex) => {
    const at = isByVertex ? vertex : corner;
    const place = index === null ? at : (index[at] ?? 0);
    return [list[place * 2] ?? 0, 1 - (list[place * 2 + 1] ?? 0)];
  };
}

async function surfaceOf(
  scene: FbxScene,
  material: FbxObject | undefined,
  of: { part: Omit<Part, 'colour'>; textures: Map<string, Raster | null> },
): Promise<Pick<Part, 'colour' | 'texture'>> {
  if (material === undefined) return { colour: PLAIN_COLOUR };
  const texture = of.part.uvs === undefined ? null : await textureOf(scene, material, of.textures);
  if (texture !== null) return { colour: [255, 255, 255], texture };
  const properties = propertiesOf(material.node);
  const known = properties.get('DiffuseColor') ?? properties.get('Diffuse');
  if (known === undefined) return { colour: PLAIN_COLOUR };
  const share = properties.get('DiffuseFactor')?.[0] ?? 1;
  const [red, green, blue] = vectorIn(
    properties,
    properties.has('DiffuseColor') ? 'DiffuseColor' : 'Diffuse',
  );
  const screen = (value: number) =>
    Math.round(255 * Math.min(1, Math.max(0, value * share + 0.02)) ** (1 / 2.2));
  return { colour: [screen(red), screen(green), screen(blue)] };
}

/** The first picture that lies inside the file; those beside it are not looked for. */
async function textureOf(
  scene: FbxScene,
  material: FbxObject,
  known: Map<string, Raster | null>,
): Promise<Raster | null> {
  const before = known.get(material.id);
  if (before !== undefined) return before;
  if (known.size >= MOST_TEXTURES) return null;
  const videos = scene
    .childrenOf(material, 'Texture')
    .flatMap((texture) => scene.childrenOf(texture, 'Video'));
  const [content] = videos.flatMap(({ node }) => childNamed(node, 'Content')?.values ?? []);
  const isThere = content instanceof Uint8Array && content.length > 0;
  const drawn = isThere ? await drawTexture(content) : null;
  known.set(material.id, drawn);
  return drawn;
}

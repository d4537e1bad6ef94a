import { FbxArray, type FbxNode, type FbxValue } from './fbx-nodes.ts';
import {
  combined,
  IDENTITY,
  type Matrix,
  moved,
  scaled,
  transposed,
  turned,
  type Vector,
} from './mesh-matrix.ts';

const ORDERS = ['xyz', 'xzy', 'yzx', 'yxz', 'zxy', 'zyx'];
/** A chain of parts longer than this is no model. */
const DEEPEST = 256;

/** One thing of the file: a shape, a part of the scene, a surface. */
export interface FbxObject {
  readonly id: string;
  readonly kind: string;
  readonly name: string;
  /** What sort of its kind, such as `Mesh` or `LimbNode`. */
  readonly sort: string;
  readonly node: FbxNode;
}

/** Objects by their ids, and who belongs to whom. */
export class FbxScene {
  readonly objects: ReadonlyMap<string, FbxObject>;
  readonly isZUp: boolean;
  readonly #parents = new Map<string, string[]>();
  readonly #children = new Map<string, string[]>();
  readonly #worlds = new Map<string, Matrix>();

  constructor(top: readonly FbxNode[]) {
    const named = (name: string) =>
      top.filter((node) => node.name === name).flatMap(({ children }) => children);
    this.objects = new Map(named('Objects').flatMap(objectOf));
    for (const { name, values } of named('Connections')) {
      const [, child, parent] = values;
      if (name !== 'C' || typeof child !== 'string' || typeof parent !== 'string') continue;
      listIn(this.#parents, child).push(parent);
      listIn(this.#children, parent).push(child);
    }
    const settings = propertiesOf({ name: '', values: [], children: named('GlobalSettings') });
    this.isZUp = settings.get('UpAxis')?.[0] === 2;
  }

  parentsOf({ id }: FbxObject, kind: string): FbxObject[] {
    return this.#related(this.#parents.get(id), kind);
  }

  childrenOf({ id }: FbxObject, kind: string): FbxObject[] {
    return this.#related(this.#children.get(id), kind);
  }

  count(kind: string, sort?: RegExp): number {
    let found = 0;
    for (const object of this.objects.values()) {
      if (object.kind === kind && (sort === undefined || sort.test(object.sort))) found += 1;
    }
    return found;
  }

  /** Where a part of the scene is, through all that it belongs to. */
  worldOf(model: FbxObject, depth = 0): Matrix {
    const known = this.#worlds.get(model.id);
    if (known !== undefined) return known;
    const [parent] = depth < DEEPEST ? this.parentsOf(model, 'Model') : [];
    // Against circles: what belongs to itself belongs to nothing.
    this.#worlds.set(model.id, IDENTITY);
    const outer = parent === undefined ? IDENTITY : this.worldOf(parent, depth + 1);
    const world = combined(outer, localOf(propertiesOf(model.node)));
    this.#worlds.set(model.id, world);
    return world;
  }

  #related(ids: readonly string[] | undefined, kind: string): FbxObject[] {
    return (ids ?? []).flatMap((id) => {
      const object = this.objects.get(id);
      return object?.kind === kind ? [object] : [];
    });
  }
}

function listIn(map: Map<string, string[]>, key: string): string[] {
  const list = map.get(key) ?? [];
  map.set(key, list);
  return list;
}

function objectOf(node: FbxNode): [string, FbxObject][] {
  const [id, name = '', sort = ''] = node.values;
  if (typeof id !== 'string' || typeof name !== 'string' || typeof sort !== 'string') return [];
  // The name and its class share a text.
  const [own = ''] = name.split('\u0000\u0001');
  return [[id, { id, kind: node.name, name: own, sort, node }]];
}

export type Properties = ReadonlyMap<string, readonly number[]>;

/** The values of `Properties70`, as far as they are numbers. */
export function propertiesOf(node: FbxNode): Properties {
  const found = new Map<string, readonly number[]>();
  const list = node.children.find(({ name }) => name === 'Properties70')?.children ?? [];
  for (const { values } of list) {
    const [name, , , , ...rest] = values;
    const numbers = rest.filter((value) => typeof value === 'number');
    if (typeof name === 'string' && numbers.length > 0) found.set(name, numbers);
  }
  return found;
}

export function vectorIn(properties: Properties, name: string, usual: Vector = [0, 0, 0]): Vector {
  const [x = usual[0], y = usual[1], z = usual[2]] = properties.get(name) ?? [];
  return [x, y, z];
}

/** As the format defines it: moved, turned about a pivot between two other turns, and made larger about another one. */
function localOf(properties: Properties): Matrix {
  const at = (name: string) => vectorIn(properties, name);
  const back = ([x, y, z]: Vector): Vector => [-x, -y, -z];
  const order = ORDERS[properties.get('RotationOrder')?.[0] ?? 0] ?? 'xyz';
  const turnAbout = at('RotationPivot');
  const scaleAbout = at('ScalingPivot');
  return combined(
    moved(at('Lcl Translation')),
    moved(at('RotationOffset')),
    moved(turnAbout),
    turned(at('PreRotation')),
    turned(at('Lcl Rotation'), order),
    transposed(turned(at('PostRotation'))),
    moved(back(turnAbout)),
    moved(at('ScalingOffset')),
    moved(scaleAbout),
    scaled(vectorIn(properties, 'Lcl Scaling', [1, 1, 1])),
    moved(back(scaleAbout)),
  );
}

/** Of the shape alone, not handed on to what belongs to the part. */
export function geometricOf(properties: Properties): Matrix {
  return combined(
    moved(vectorIn(properties, 'GeometricTranslation')),
    turned(vectorIn(properties, 'GeometricRotation')),
    scaled(vectorIn(properties, 'GeometricScaling', [1, 1, 1])),
  );
}

export function childNamed(node: FbxNode | undefined, name: string): FbxNode | undefined {
  return node?.children.find((child) => child.name === name);
}

export function numbersIn(node: FbxNode | undefined, name: string): Float64Array | null {
  const value: FbxValue | undefined = childNamed(node, name)?.values[0];
  return value instanceof FbxArray ? value.numbers() : null;
}

export function textIn(node: FbxNode | undefined, name: string): string {
  const value = childNamed(node, name)?.values[0];
  return typeof value === 'string' ? value : '';
}

import { USDAParser } from 'three/examples/jsm/loaders/usd/USDAParser.js';
import { USDCParser } from 'three/examples/jsm/loaders/usd/USDCParser.js';
import { combined, IDENTITY, type Matrix, moved, scaled, turned, type Vector } from './mesh-matrix.ts';
import { CannotDecode } from './outcome.ts';
import { recordOf } from './record.ts';

const CRATE = 'PXR-USDC';

/** One file of a USD scene: what its paths say, without what other files add. */
export class UsdLayer {
  readonly #specs: Readonly<Record<string, unknown>>;
  readonly #children = new Map<string, string[]>();

  constructor(bytes: Uint8Array) {
    this.#specs = parsed(bytes);
    for (const path of Object.keys(this.#specs)) {
      // Attributes have a dot, choices between variants a brace.
      if (!path.startsWith('/') || path === '/' || /[.{]/.test(path)) continue;
      const parent = path.slice(0, path.lastIndexOf('/')) || '/';
      const list = this.#children.get(parent) ?? [];
      list.push(path);
      this.#children.set(parent, list);
    }
  }

  /** Paths right below one; `/` is the top. */
  childrenOf(path: string): readonly string[] {
    return this.#children.get(path) ?? [];
  }

  fields(path: string): Readonly<Record<string, unknown>> {
    return recordOf(recordOf(this.#specs[path])['fields']);
  }

  typeOf(path: string): string {
    return String(this.fields(path)['typeName'] ?? '');
  }

  /** The value that holds when nothing moves. */
  value(path: string, attribute: string): unknown {
    const fields = this.fields(`${path}.${attribute}`);
    if (fields['default'] !== undefined) return fields['default'];
    const { values } = recordOf(fields['timeSamples']);
    return Array.isArray(values) ? values[0] : undefined;
  }

  isMoving(): boolean {
    return Object.keys(this.#specs).some((path) => this.fields(path)['timeSamples'] !== undefined);
  }

  numbers(path: string, attribute: string): ArrayLike<number> | null {
    const value = this.value(path, attribute);
    if (ArrayBuffer.isView(value) && 'length' in value) return value as Float32Array;
    if (!Array.isArray(value)) return null;
    const flat: unknown[] = value.flat();
    return flat.every((one) => typeof one === 'number') ? flat : null;
  }

  /** Where an attribute or a relation points to, such as a surface. */
  target(path: string, attribute: string): string | null {
    const fields = this.fields(`${path}.${attribute}`);
    const found = fields['connectionPaths'] ?? fields['targetPaths'] ?? fields['default'];
    const first: unknown = Array.isArray(found) ? found[0] : found;
    return typeof first === 'string' ? first.replaceAll(/^<|>$/g, '') : null;
  }

  localOf(path: string): Matrix {
    const order = this.value(path, 'xformOpOrder');
    if (!Array.isArray(order)) return IDENTITY;
    return combined(...order.slice(0, 32).map((step) => this.#step(path, String(step))));
  }

  #step(path: string, step: string): Matrix {
    // Its partner before it cancels out: both belong to a pivot, which a still picture can do without.
    const isInverse = step.startsWith('!invert!');
    const name = isInverse ? step.slice(8) : step;
    const kind = name.split(':')[1] ?? '';
    const values = this.numbers(path, name);
    const single = this.value(path, name);
    const all = values ?? (typeof single === 'number' ? [single, single, single] : [0, 0, 0]);
    const vector: Vector = [all[0] ?? 0, all[1] ?? 0, all[2] ?? 0];
    if (kind === 'transform' && values?.length === 16) return isInverse ? IDENTITY : Array.from(values);
    if (kind === 'translate') return moved(isInverse ? [-vector[0], -vector[1], -vector[2]] : vector);
    if (isInverse) return IDENTITY;
    if (kind === 'scale') return scaled(vector);
    const axes = /^rotate([XYZ]{1,3})$/.exec(kind)?.[1]?.toLowerCase();
    return axes === undefined ? IDENTITY : turned(vector, axes);
  }
}

function parsed(bytes: Uint8Array): Readonly<Record<string, unknown>> {
  try {
    const isCrate = Buffer.from(bytes.subarray(0, 8)).toString('latin1') === CRATE;
    const found: unknown = isCrate
      ? new USDCParser().parseData(bytes.slice().buffer)
      : new USDAParser().parseData(Buffer.from(bytes).toString('utf8'));
    return recordOf(recordOf(found)['specsByPath']);
  } catch (error) {
    throw new CannotDecode('damaged', error);
  }
}

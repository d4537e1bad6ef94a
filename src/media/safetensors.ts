import { open } from 'node:fs/promises';
import type { MediaSource } from './contract.ts';
import { CannotDecode } from './outcome.ts';
import { recordOf } from './record.ts';
import { parseJson } from './json.ts';

const MAX_HEADER = 100 * 1024 * 1024;
const MAX_TENSORS = 500_000;

export interface Tensor {
  readonly name: string;
  readonly dtype: string;
  readonly shape: readonly number[];
}

export interface WeightsHeader {
  readonly tensors: readonly Tensor[];
  readonly metadata: Readonly<Record<string, string>>;
}

/** Reads the JSON header of a safetensors file; the tensors themselves are never loaded. Throws CannotDecode. */
export async function readWeightsHeader(source: MediaSource): Promise<WeightsHeader & { cut: boolean }> {
  const file = await open(source.path, 'r');
  let header: unknown;
  let length: number;
  try {
    const start = Buffer.alloc(8);
    await file.read(start, 0, 8, 0);
    length = Number(start.readBigUInt64LE());
    if (length < 2 || length + 8 > source.size) throw new CannotDecode('damaged');
    if (length > MAX_HEADER) throw new CannotDecode('too_large');
    const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, 8);
    header = parse(buffer.toString('utf8', 0, bytesRead));
  } finally {
    await file.close();
  }
  const tensors: Tensor[] = [];
  let metadata: Record<string, string> = {};
  let end = 0;
  for (const [name, value] of Object.entries(recordOf(header))) {
    if (name === '__metadata__') {
      metadata = wordsOf(value);
      continue;
    }
    const tensor = tensorOf(name, recordOf(value));
    if (tensor === null || tensors.length >= MAX_TENSORS) throw new CannotDecode('damaged');
    tensors.push(tensor.tensor);
    end = Math.max(end, tensor.end);
  }
  return { tensors, metadata, cut: 8 + length + end > source.size };
}

function parse(json: string): unknown {
  try {
    return parseJson(json);
  } catch (error) {
    throw new CannotDecode('damaged', error);
  }
}

function tensorOf(name: string, value: Record<string, unknown>): { tensor: Tensor; end: number } | null {
  const { dtype, shape, data_offsets: offsets } = value;
  if (typeof dtype !== 'string' || !Array.isArray(shape) || !Array.isArray(offsets)) return null;
  const sides = shape.map(Number);
  const end = Number(offsets[1]);
  if (!sides.every((side) => Number.isSafeInteger(side) && side >= 0) || !Number.isSafeInteger(end))
    return null;
  return { tensor: { name, dtype, shape: sides }, end };
}

function wordsOf(value: unknown): Record<string, string> {
  const entries = Object.entries(recordOf(value)).filter(([, word]) => typeof word === 'string');
  return Object.fromEntries(entries) as Record<string, string>;
}

import { createSHA256 } from 'hash-wasm';

/** Bytes read at once: the file is never held as a whole. */
const SLICE = 4 * 1024 * 1024;

export interface HashTask {
  readonly id: number;
  /** Absent: stop the task of this id. */
  readonly file?: Blob;
}
export interface HashAnswer {
  readonly id: number;
  /** Hex, or null when the file could not be read or hashed here. */
  readonly sha256: string | null;
}

const stopped = new Set<number>();

async function hash(file: Blob, isStopped: () => boolean): Promise<string | null> {
  const sha256 = await createSHA256();
  for (let start = 0; start < file.size; start += SLICE) {
    const slice = await file.slice(start, start + SLICE).arrayBuffer();
    if (isStopped()) return null;
    sha256.update(new Uint8Array(slice));
  }
  return sha256.digest('hex');
}

async function run(id: number, file: Blob): Promise<void> {
  const sha256 = await hash(file, () => stopped.has(id)).catch(() => null);
  stopped.delete(id);
  const answer: HashAnswer = { id, sha256 };
  postMessage(answer);
}

addEventListener('message', ({ data }: MessageEvent<HashTask>) => {
  if (data.file === undefined) stopped.add(data.id);
  else void run(data.id, data.file);
});

import type { HashAnswer, HashTask } from './hash.worker.ts';

export type Hash = (file: Blob, signal: AbortSignal) => Promise<string | null>;

/** Hashes in one worker, started with the first file; null where the page may not start one or it breaks. */
export function createHasher(): Hash {
  let worker: Worker | null = null;
  let broken = false;
  let next = 0;
  const waiting = new Map<number, (sha256: string | null) => void>();

  function settle(id: number, sha256: string | null): void {
    waiting.get(id)?.(sha256);
    waiting.delete(id);
  }

  function start(): Worker | null {
    try {
      const started = new Worker(new URL('./hash.worker.ts', import.meta.url), {
        type: 'module',
        name: 'hash',
      });
      started.addEventListener('message', ({ data }: MessageEvent<HashAnswer>) =>
        settle(data.id, data.sha256),
      );
      started.addEventListener('error', () => {
        // Files then travel without a hash and the server makes it; nothing is lost but the early look.
        broken = true;
        for (const id of waiting.keys()) settle(id, null);
      });
      return started;
    } catch {
      broken = true;
      return null;
    }
  }

  return (file, signal) => {
    worker ??= broken ? null : start();
    const hired = worker;
    if (hired === null || broken) return Promise.resolve(null);
    const id = next;
    next += 1;
    return new Promise((resolve) => {
      waiting.set(id, resolve);
      const task: HashTask = { id, file };
      hired.postMessage(task, []);
      signal.addEventListener('abort', () => {
        const stop: HashTask = { id };
        if (waiting.has(id)) hired.postMessage(stop, []);
        settle(id, null);
      });
    });
  };
}

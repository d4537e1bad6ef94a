import { BacklotError } from './index.ts';
import type { Client, UploadFields } from './index.ts';
import type { Transfer, TransferEvents } from './upload.ts';

export interface FetchJob {
  readonly client: Client;
  readonly brand: string;
  /** The http or https address of a file, as the server reaches it. */
  readonly url: string;
  readonly fields: UploadFields;
}

/** Seconds for which one question waits: often enough for a bar that moves. */
const WAIT_SECONDS = 2;

/**
 * Has the server fetch a file, with the same manners as an upload. Pausing only stops asking: what the server has begun
 * it ends, and `resume` hears of it. `abort` stops the server as well.
 */
export function createFetch(job: FetchJob, events: TransferEvents): Transfer {
  const { client, brand, url, fields } = job;
  let asking: AbortController | null = null;

  async function run(mine: AbortController): Promise<void> {
    while (!mine.signal.aborted) {
      const input = { b: brand, url, ...fields, waitSeconds: WAIT_SECONDS };
      const answer = await client.call('uploads.fetch', input, mine.signal);
      if (mine.signal.aborted) return;
      if (answer.totalBytes !== null) events.onSize?.(answer.totalBytes);
      events.onProgress(answer.receivedBytes);
      if (answer.asset === null) continue;
      events.onDone({ asset: answer.asset.id, reused: answer.asset.reused, name: answer.asset.name });
      return;
    }
  }

  function begin(): void {
    const mine = new AbortController();
    asking = mine;
    run(mine).catch((error: unknown) => {
      if (mine.signal.aborted) return;
      events.onError(error instanceof BacklotError ? error : unexpected());
    });
  }

  function pause(): void {
    asking?.abort();
    asking = null;
  }

  return {
    start: begin,
    pause,
    resume: begin,
    abort() {
      pause();
      // Told or not: nobody waits for the outcome any more.
      void client.call('uploads.fetch', { b: brand, url, ...fields, stop: true }).catch(() => undefined);
    },
  };
}

function unexpected(): BacklotError {
  return new BacklotError(0, {
    code: 'unexpected',
    message: 'Something unexpected happened.',
    remedy: 'Retry it.',
  });
}

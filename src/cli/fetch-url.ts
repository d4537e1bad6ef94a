import type { UploadFields } from '../contract/uploads.ts';
import type { Connection } from './host.ts';
import type { Outcome } from './tally.ts';

export interface Wish {
  readonly connection: Connection;
  readonly brand: string;
  readonly fields: UploadFields;
  readonly url: string;
  readonly onProgress: (received: number) => void;
}

export function isAddress(word: string): boolean {
  return /^https?:\/\//i.test(word);
}

/** Has the server fetch an address, and stays until the file is there. Rejects as `call` does. */
export async function fetchAddress({ connection, brand, fields, url, onProgress }: Wish): Promise<Outcome> {
  for (;;) {
    const answer = await connection.call('uploads.fetch', { b: brand, url, ...fields });
    onProgress(answer.receivedBytes);
    if (answer.asset === null) continue;
    const { id, reused, notApplied = [] } = answer.asset;
    const outcome = reused ? 'reused' : 'uploaded';
    return { path: url, outcome, id, notApplied, bytes: answer.receivedBytes, error: null };
  }
}

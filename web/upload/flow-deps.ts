import type { Transfer, TransferEvents } from '../../client/upload.ts';
import type { Hindrance } from './problems.ts';
import type { CheckedFile, Problem, RowState, UploadRow } from './rows.ts';

/** Everything that touches the network or a worker; tests hand in their own. */
export interface FlowDeps {
  /** Asks the server about files before their bytes travel; answers in order. */
  readonly check: (brand: string, rows: readonly UploadRow[]) => Promise<readonly CheckedFile[]>;
  /** Hex sha256, or null where the browser cannot hash. */
  readonly hash: (file: Blob, signal: AbortSignal) => Promise<string | null>;
  readonly open: (row: UploadRow, events: TransferEvents) => Transfer;
  /** Tells the server that an unfinished upload, named by its address, will not go on. */
  readonly giveUp: (address: string) => void;
  readonly hashersAtOnce: number;
}

/** What the flow tells the queue. */
export interface FlowEvents {
  readonly set: (row: UploadRow, state: RowState) => void;
  readonly progress: (row: UploadRow, sentBytes: number) => void;
  readonly size: (row: UploadRow, bytes: number) => void;
  /** Something that outlives a reload has changed: the hash or the address. */
  readonly learnt: (row: UploadRow) => void;
  readonly stopped: (row: UploadRow, state: 'failed' | 'refused', problem: Problem) => void;
  readonly held: (row: UploadRow, asset: { readonly id: string; readonly name: string }) => void;
  readonly arrived: (row: UploadRow, asset: { readonly id: string; readonly name: string }) => void;
  /** Every row would fare like this one, which is back in line; `halt` is expected in return. */
  readonly hindered: (why: Hindrance) => void;
}

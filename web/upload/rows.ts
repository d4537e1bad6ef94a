import type { UploadFields } from '../../client/index.ts';

export const ROW_STATES = [
  'refused',
  'failed',
  'duplicate',
  'uploading',
  'hashing',
  'checking',
  'queued',
  'paused',
  'done',
] as const;
export type RowState = (typeof ROW_STATES)[number];

/** What comes next for a row: is it welcome, which bytes are they, does the brand hold them, send them. */
export const STEPS = ['welcome', 'hash', 'compare', 'send'] as const;
export type Step = (typeof STEPS)[number];

export interface Problem {
  readonly code: string;
  readonly message: string;
  readonly remedy: string | null;
}

/** A file as it was picked or dropped. `path` starts at the chosen folder; `root` names a kept browser handle. */
export interface Picked {
  readonly file: File;
  readonly path: string;
  readonly root?: string;
}

/** The part of a row that outlives a reload. */
export interface SavedRow {
  readonly id: string;
  readonly tab: string;
  readonly brand: string;
  readonly name: string;
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** `File.lastModified`, milliseconds. */
  readonly modified: number;
  readonly root: string | null;
  fields: UploadFields;
  sha256: string | null;
  /** Address of the unfinished resumable upload on the server. */
  address: string | null;
}

export interface UploadRow extends SavedRow {
  state: RowState;
  step: Step;
  /** Null after a reload until the browser or the person hands the file over again, and once it has arrived. */
  file: File | null;
  /** Bytes on the server or on the way. */
  sent: number;
  /** What was said about the file after its bytes had set out; told to the asset once it is there. */
  late: UploadFields | null;
  /** The asset that these bytes became, or the one that held them already. */
  asset: { readonly id: string; readonly name: string } | null;
  problem: Problem | null;
}

export interface Totals {
  readonly counts: Readonly<Record<RowState, number>>;
  /** Bytes of the rows that travel or have travelled: neither duplicates nor refusals. */
  readonly bytes: number;
  readonly sent: number;
}

/** Two picks of the same file agree in this; names alone do not, since cameras number from 0001 again and again. */
export function matchKey(row: {
  readonly path: string;
  readonly size: number;
  readonly modified: number;
}): string {
  return `${row.size}:${row.modified}:${row.path}`;
}

export function totalsOf(rows: Iterable<UploadRow>): Totals {
  const counts: Record<RowState, number> = {
    refused: 0,
    failed: 0,
    duplicate: 0,
    uploading: 0,
    hashing: 0,
    checking: 0,
    queued: 0,
    paused: 0,
    done: 0,
  };
  let bytes = 0;
  let sent = 0;
  for (const row of rows) {
    counts[row.state] += 1;
    if (row.state === 'refused' || row.state === 'duplicate') continue;
    bytes += row.size;
    sent += row.state === 'done' ? row.size : row.sent;
  }
  return { counts, bytes, sent };
}

export function activeCount({ counts }: Totals): number {
  return counts.uploading + counts.hashing + counts.checking + counts.queued;
}

const RANK: Readonly<Record<RowState, number>> = {
  refused: 0,
  failed: 1,
  duplicate: 2,
  uploading: 3,
  hashing: 4,
  checking: 4,
  queued: 4,
  paused: 4,
  done: 9,
};

/** Rows for the list: what needs a person first, then what moves, then the rest in order; finished ones are folded away. */
export function listed(rows: Iterable<UploadRow>): UploadRow[] {
  const buckets: UploadRow[][] = [[], [], [], [], []];
  for (const row of rows) buckets[RANK[row.state]]?.push(row);
  return buckets.flat();
}

/** Folder names of a row's path, outermost first: the tags that the form suggests. */
export function folderTags(path: string): string[] {
  return path
    .split('/')
    .slice(0, -1)
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

interface RowSeed {
  readonly brand: string;
  readonly tab: string;
  readonly file: File;
  readonly path: string;
  readonly root: string | undefined;
  readonly fields: UploadFields;
}

export function newRow(id: string, { brand, tab, file, path, root, fields }: RowSeed): UploadRow {
  return {
    id,
    tab,
    brand,
    name: file.name,
    path,
    size: file.size,
    modified: file.lastModified,
    root: root ?? null,
    fields: { ...fields, name: file.name },
    sha256: null,
    address: null,
    state: 'queued',
    step: 'welcome',
    file,
    sent: 0,
    late: null,
    asset: null,
    problem: null,
  };
}

export function savedPart({
  id,
  tab,
  brand,
  name,
  path,
  size,
  modified,
  root,
  fields,
  sha256,
  address,
}: UploadRow): SavedRow {
  return { id, tab, brand, name, path, size, modified, root, fields, sha256, address };
}

/** The fields travel with the first byte; what is said later is told to the asset itself. */
export function hasSetOut(row: UploadRow): boolean {
  return row.address !== null || row.state === 'uploading' || row.state === 'done';
}

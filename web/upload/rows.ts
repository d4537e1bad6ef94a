import type { AssetType, MediaType, UploadFields } from '../../client/index.ts';

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

/** What the server takes a file for by its name and folders. */
export interface Guess {
  readonly type: AssetType;
  readonly mediaType: MediaType;
}

/** What the server said of a file before its bytes travel. */
export interface CheckedFile {
  readonly known: { readonly id: string; readonly name: string } | null;
  readonly refusal: Problem | null;
  readonly guess?: Guess;
}

/** The part of a row that outlives a reload. */
export interface SavedRow {
  readonly id: string;
  readonly tab: string;
  readonly brand: string;
  readonly name: string;
  readonly path: string;
  /** Bytes; 0 for an address until the server has asked there. */
  size: number;
  /** `File.lastModified`, milliseconds. */
  readonly modified: number;
  readonly root: string | null;
  /** The address that the server fetches, in place of a file of this computer. */
  readonly url: string | null;
  fields: UploadFields;
  sha256: string | null;
  /** Address of the unfinished resumable upload on the server. */
  address: string | null;
  /** Its bytes were on the way once: should the brand hold them later, they are these. */
  begun: boolean;
  /** The person paused this very row; it does not go on by itself. */
  held: boolean;
}

export interface UploadRow extends SavedRow {
  state: RowState;
  step: Step;
  /** Null after a reload until the browser or the person hands the file over again, and once it has arrived. */
  file: File | null;
  /** Bytes on the server or on the way. */
  sent: number;
  guess: Guess | null;
  /** What was said about the file after its bytes had set out; told to the asset once it is there. */
  late: UploadFields | null;
  /** The asset that these bytes became, or the one that held them already. */
  asset: { readonly id: string; readonly name: string } | null;
  problem: Problem | null;
}

/**
 * Two picks of the same file for the same brand agree in this; names alone do not, since cameras number from 0001 again
 * and again.
 */
export function matchKey(row: Pick<SavedRow, 'brand' | 'path' | 'size' | 'modified'>): string {
  return `${row.brand}:${row.size}:${row.modified}:${row.path}`;
}

/** Whether the bytes are within reach: a file at hand, or an address. */
export function canStart({ file, url }: Pick<UploadRow, 'file' | 'url'>): boolean {
  return file !== null || url !== null;
}

export function isMoving(state: RowState): boolean {
  return state === 'queued' || state === 'hashing' || state === 'checking' || state === 'uploading';
}

/** Folder names of a row's path, outermost first: the tags that the form suggests. */
export function folderTags(path: string): string[] {
  return folderOf(path)
    .split('/')
    .map((part) => part.trim())
    .filter((part) => part !== '');
}

/** The path without its last part; an address has no folders that mean anything. */
export function folderOf(path: string): string {
  return path.includes('://') ? '' : path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

interface RowSeed {
  readonly brand: string;
  readonly tab: string;
  readonly fields: UploadFields;
}

export function newRow(id: string, seed: RowSeed & { readonly picked: Picked }): UploadRow {
  const { file, path, root } = seed.picked;
  const folder = folderOf(path);
  return {
    ...freshRow(id, seed),
    name: file.name,
    path,
    size: file.size,
    modified: file.lastModified,
    root: root ?? null,
    url: null,
    fields: { ...seed.fields, name: file.name, ...(folder === '' ? {} : { folder }) },
    step: 'welcome',
    file,
  };
}

/** A row for something that the server fetches; what it is named there is not known yet. */
export function newAddressRow(id: string, seed: RowSeed & { readonly url: string }): UploadRow {
  const { url, fields } = seed;
  return {
    ...freshRow(id, seed),
    name: url.replace(/^https?:\/\//, ''),
    path: url,
    size: 0,
    modified: 0,
    root: null,
    url,
    fields,
    step: 'send',
    file: null,
  };
}

function freshRow(id: string, { brand, tab }: RowSeed) {
  return {
    id,
    tab,
    brand,
    sha256: null,
    address: null,
    begun: false,
    held: false,
    state: 'queued',
    sent: 0,
    guess: null,
    late: null,
    asset: null,
    problem: null,
  } as const;
}

/** A row of an earlier visit: its bytes are not at hand, unless the server fetches them. */
export function oldRow(saved: SavedRow, tab: string): UploadRow {
  return {
    ...saved,
    tab,
    state: 'paused',
    step: saved.address === null && saved.url === null ? 'welcome' : 'send',
    file: null,
    sent: 0,
    guess: null,
    late: null,
    asset: null,
    problem: null,
  };
}

export function savedPart(row: UploadRow): SavedRow {
  const { id, tab, brand, name, path, size, modified, root, url, fields } = row;
  const { sha256, address, begun, held } = row;
  return { id, tab, brand, name, path, size, modified, root, url, fields, sha256, address, begun, held };
}

/** Whether the bytes may have arrived although no answer said so; only their hash can tell. */
export function mayHaveArrived({ begun, sha256, url, fields }: SavedRow): boolean {
  return begun && sha256 !== null && url === null && fields.onDuplicate === undefined;
}

/** The fields travel with the first byte; what is said later is told to the asset itself. */
export function hasSetOut(row: UploadRow): boolean {
  return row.address !== null || row.state === 'uploading' || row.state === 'done';
}

/** Rows of one brand bound for the same collections, told in one request each. */
export function byCollection(rows: readonly UploadRow[]): UploadRow[][] {
  const groups = new Map<string, UploadRow[]>();
  for (const row of rows) {
    const place = `${row.brand} ${(row.fields.collection ?? []).join()}`;
    const group = groups.get(place);
    if (group === undefined) groups.set(place, [row]);
    else group.push(row);
  }
  return [...groups.values()];
}

/** What is left to say of files that the library holds: the collections that they were sent to. */
export function joinOf([first]: readonly UploadRow[]): UploadFields {
  return first?.fields.collection === undefined ? {} : { collection: first.fields.collection };
}

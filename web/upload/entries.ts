import type { Picked } from './rows.ts';

/** Files that operating systems leave in folders; nobody means to upload them. */
const LITTER = new Set(['.ds_store', 'thumbs.db', 'desktop.ini', '.localized']);
/** Files handed over at once: the page lists the first while a large folder is still being read. */
const BATCH = 500;

export function isLitter(name: string): boolean {
  return LITTER.has(name.toLowerCase()) || name.startsWith('._');
}

/** Called once for each entry that is not taken. */
export interface LeftOut {
  /** A hidden file, or a hidden folder with all that is in it. */
  readonly hidden: () => void;
  readonly unreadable: () => void;
}

/**
 * The path up to its first hidden entry inside a folder, or null. Programs keep their own things there, and the command
 * line leaves them out too; a hidden file or folder that was named by itself is meant.
 */
export function hiddenPart(path: string): string | null {
  const parts = path.split('/');
  const at = parts.findIndex((part, depth) => depth > 0 && part.startsWith('.'));
  return at < 0 ? null : parts.slice(0, at + 1).join('/');
}

/** Files of an `<input>`, with their paths from the chosen folder on. */
export function fromInput(files: Iterable<File>, onHidden: LeftOut['hidden']): Picked[] {
  const picked: Picked[] = [];
  const seen = new Set<string>();
  for (const file of files) {
    if (isLitter(file.name)) continue;
    const path = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    const hidden = hiddenPart(path);
    if (hidden === null) picked.push({ file, path });
    else if (!seen.has(hidden)) onHidden();
    if (hidden !== null) seen.add(hidden);
  }
  return picked;
}

/**
 * Reads what was dropped, folders to any depth, in batches. Call it inside the drop event: the list is empty afterwards,
 * so the entries are taken before the first wait.
 */
export function fromDrop(data: DataTransfer, leftOut: LeftOut): AsyncGenerator<Picked[]> {
  const entries: FileSystemEntry[] = [];
  for (const item of data.items) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    if (entry !== null) entries.push(entry);
  }
  // Some programs hand over files without entries.
  if (entries.length === 0 && data.files.length > 0) return once(fromInput(data.files, leftOut.hidden));
  return walk(entries, leftOut);
}

async function* once(picked: Picked[]): AsyncGenerator<Picked[]> {
  yield picked;
}

async function* walk(entries: readonly FileSystemEntry[], leftOut: LeftOut): AsyncGenerator<Picked[]> {
  const open = [...entries].reverse();
  let batch: Picked[] = [];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const path = entry.fullPath.replace(/^\//, '');
    try {
      if (isLitter(entry.name)) continue;
      if (hiddenPart(path) !== null) {
        leftOut.hidden();
        continue;
      }
      if (isDirectory(entry)) {
        open.push(...(await children(entry)).reverse());
        continue;
      }
      if (isFile(entry)) batch.push({ file: await fileOf(entry), path });
    } catch {
      leftOut.unreadable();
    }
    if (batch.length >= BATCH) {
      yield batch;
      batch = [];
    }
  }
  if (batch.length > 0) yield batch;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader hands out about a hundred entries at a time and ends with an empty list. */
async function children(directory: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = directory.createReader();
  const all: FileSystemEntry[] = [];
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (some.length === 0) return all;
    all.push(...some);
  }
}

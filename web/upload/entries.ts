import type { Picked } from './rows.ts';

/** Files that operating systems leave in folders; nobody means to upload them. */
const LITTER = new Set(['.ds_store', 'thumbs.db', 'ehthumbs.db', 'desktop.ini', '.localized', '__macosx']);

export function isLitter(name: string): boolean {
  return LITTER.has(name.toLowerCase()) || name.startsWith('._');
}

/** Why an entry is not taken. */
export type Reason = 'hidden' | 'system' | 'empty' | 'unreadable';

/** Called once for each entry that is not taken; a hidden folder counts once with all that is in it. */
export type LeaveOut = (reason: Reason, name: string) => void;

/**
 * The path up to its first hidden entry inside a folder, or null. Programs keep their own things there, and the command
 * line leaves them out too; a hidden file or folder that was named by itself is meant.
 */
export function hiddenPart(path: string): string | null {
  const parts = path.split('/');
  const at = parts.findIndex((part, depth) => depth > 0 && part.startsWith('.'));
  return at < 0 ? null : parts.slice(0, at + 1).join('/');
}

/** Files of an `<input>`, one at a time, with their paths from the chosen folder on. */
export function* fromInput(files: Iterable<File>, leaveOut: LeaveOut): Generator<Picked> {
  const seen = new Set<string>();
  for (const file of files) {
    const path = file.webkitRelativePath === '' ? file.name : file.webkitRelativePath;
    const hidden = hiddenPart(path);
    if (path.split('/').some(isLitter)) leaveOut('system', file.name);
    else if (hidden === null) yield* kept({ file, path }, leaveOut);
    else if (!seen.has(hidden)) {
      seen.add(hidden);
      leaveOut('hidden', hidden);
    }
  }
}

function* kept(picked: Picked, leaveOut: LeaveOut): Generator<Picked> {
  if (picked.file.size === 0) leaveOut('empty', picked.file.name);
  else yield picked;
}

/**
 * Reads what was dropped, folders to any depth, one entry at a time. Call it inside the drop event: the list is empty
 * afterwards, so the entries are taken before the first wait.
 */
export function fromDrop(data: DataTransfer, leaveOut: LeaveOut): AsyncIterable<Picked> | Iterable<Picked> {
  const entries: FileSystemEntry[] = [];
  for (const item of data.items) {
    const entry = item.kind === 'file' ? item.webkitGetAsEntry() : null;
    if (entry !== null) entries.push(entry);
  }
  // Some programs hand over files without entries.
  if (entries.length === 0 && data.files.length > 0) return fromInput([...data.files], leaveOut);
  return walk(entries, leaveOut);
}

async function* walk(entries: readonly FileSystemEntry[], leaveOut: LeaveOut): AsyncGenerator<Picked> {
  const open = [...entries].reverse();
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    const path = entry.fullPath.replace(/^\//, '');
    const reason = isLitter(entry.name) ? 'system' : hiddenPart(path) === null ? null : 'hidden';
    if (reason !== null) {
      leaveOut(reason, entry.name);
      continue;
    }
    try {
      // One by one: a call takes fewer arguments than a folder may have entries.
      if (isDirectory(entry)) for (const child of (await children(entry)).reverse()) open.push(child);
      else if (isFile(entry)) yield* kept({ file: await fileOf(entry), path }, leaveOut);
    } catch {
      leaveOut('unreadable', entry.name);
    }
  }
}

/** Reads a folder that the browser opened for the page, to any depth, one entry at a time. */
export async function* fromHandle(
  handle: FileSystemHandle,
  leaveOut: LeaveOut,
  path = handle.name,
): AsyncGenerator<Picked> {
  const reason = isLitter(handle.name) ? 'system' : hiddenPart(path) === null ? null : 'hidden';
  if (reason !== null) return leaveOut(reason, handle.name);
  try {
    if (isDocument(handle)) yield* kept({ file: await handle.getFile(), path }, leaveOut);
    else if (isFolder(handle)) {
      for await (const entry of handle.values()) yield* fromHandle(entry, leaveOut, `${path}/${entry.name}`);
    }
  } catch {
    leaveOut('unreadable', handle.name);
  }
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}
function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}
function isDocument(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}
function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle & Folder {
  return handle.kind === 'directory';
}
/** The part of the standard that the compiler's library leaves to another one. */
interface Folder {
  values(): AsyncIterable<FileSystemHandle>;
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

import type { SavedRow } from './rows.ts';

/**
 * Browser handles of what was dropped. Where a browser has them (Chromium, on localhost or https) unfinished files go
 * on after a reload without being chosen again; elsewhere the person picks the same files once more.
 */
interface HandleItem extends DataTransferItem {
  getAsFileSystemHandle(): Promise<FileSystemHandle | null>;
}

function givesHandles(item: DataTransferItem): item is HandleItem {
  return 'getAsFileSystemHandle' in item;
}

/** The handles of a drop by the name of the dropped file or folder. Call it inside the drop event. */
export async function handlesOf(data: DataTransfer): Promise<Map<string, FileSystemHandle>> {
  const asked: Promise<FileSystemHandle | null | undefined>[] = [];
  for (const item of data.items) {
    if (item.kind === 'file' && givesHandles(item)) asked.push(item.getAsFileSystemHandle());
  }
  const found = await Promise.allSettled(asked);
  const handles = new Map<string, FileSystemHandle>();
  for (const one of found) {
    // Null for what is no file, undefined for files that a page made itself.
    if (one.status === 'fulfilled' && one.value instanceof FileSystemHandle)
      handles.set(one.value.name, one.value);
  }
  return handles;
}

interface Permissioned extends FileSystemHandle {
  queryPermission(mode: { mode: 'read' }): Promise<PermissionState>;
  requestPermission(mode: { mode: 'read' }): Promise<PermissionState>;
}

function asksPermission(handle: FileSystemHandle): handle is Permissioned {
  return 'queryPermission' in handle && 'requestPermission' in handle;
}

/** Whether the handle may be read; `ask` may open the browser's own question and needs a click. */
export async function mayRead(handle: FileSystemHandle, ask: boolean): Promise<boolean> {
  if (!asksPermission(handle)) return false;
  const now = await handle.queryPermission({ mode: 'read' });
  if (now === 'granted' || !ask) return now === 'granted';
  return (await handle.requestPermission({ mode: 'read' })) === 'granted';
}

/** The file of a saved row under its root; null when it is gone or has changed since. */
export async function readAgain(root: FileSystemHandle, row: SavedRow): Promise<File | null> {
  try {
    const file = await locate(root, row.path.split('/'));
    return file !== null && file.size === row.size && file.lastModified === row.modified ? file : null;
  } catch {
    return null;
  }
}

async function locate(root: FileSystemHandle, path: readonly string[]): Promise<File | null> {
  let here: FileSystemHandle = root;
  // The first part of the path is the root itself.
  for (const [depth, part] of path.slice(1).entries()) {
    if (!isFolder(here)) return null;
    here = depth === path.length - 2 ? await here.getFileHandle(part) : await here.getDirectoryHandle(part);
  }
  return isDocument(here) ? here.getFile() : null;
}

function isFolder(handle: FileSystemHandle): handle is FileSystemDirectoryHandle {
  return handle.kind === 'directory';
}
function isDocument(handle: FileSystemHandle): handle is FileSystemFileHandle {
  return handle.kind === 'file';
}

export type PickKind = 'files' | 'folder';

interface Pickers {
  showOpenFilePicker(options: { multiple: true }): Promise<FileSystemFileHandle[]>;
  showDirectoryPicker(): Promise<FileSystemDirectoryHandle>;
}

function hasPickers(page: object): page is Pickers {
  return 'showOpenFilePicker' in page && 'showDirectoryPicker' in page;
}

/** Whether the browser has choosers whose choice it can open again after a reload. */
export function canPick(kind: PickKind): boolean {
  return (kind === 'files' ? 'showOpenFilePicker' : 'showDirectoryPicker') in globalThis;
}

/** Opens the browser's chooser; nothing when the person closes it. Call it from a click. */
export async function pickHandles(kind: PickKind): Promise<readonly FileSystemHandle[]> {
  const page: object = globalThis;
  if (!hasPickers(page)) throw new Error('This browser has no such chooser.');
  try {
    return kind === 'files'
      ? await page.showOpenFilePicker({ multiple: true })
      : [await page.showDirectoryPicker()];
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') return [];
    throw error;
  }
}

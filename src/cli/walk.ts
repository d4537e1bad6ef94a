import type { Stats } from 'node:fs';
import { opendir, stat } from 'node:fs/promises';
import path from 'node:path';

/** A file to send, or a path that cannot be. */
export type Found =
  | { readonly kind: 'file'; readonly path: string; readonly size: number }
  | { readonly kind: 'left out'; readonly path: string }
  | { readonly kind: 'problem'; readonly path: string; readonly message: string };

/**
 * Files and folders as named, folders to any depth, one entry at a time: a folder of a million files takes no more
 * memory than one of ten. Inside folders, hidden entries and links are left out, so that no file comes twice.
 */
export async function* walk(paths: readonly string[]): AsyncGenerator<Found> {
  for (const named of paths) {
    const stats = await look(named);
    if (stats instanceof Error) yield { kind: 'problem', path: named, message: reason(stats) };
    else if (stats.isDirectory()) yield* walkFolder(named);
    else if (stats.isFile()) yield { kind: 'file', path: named, size: stats.size };
    else yield { kind: 'problem', path: named, message: 'This is neither a file nor a folder.' };
  }
}

async function* walkFolder(folder: string): AsyncGenerator<Found> {
  try {
    for await (const entry of await opendir(folder)) {
      const inside = path.join(folder, entry.name);
      if (entry.name.startsWith('.')) yield { kind: 'left out', path: inside };
      else if (entry.isDirectory()) yield* walkFolder(inside);
      else if (entry.isFile()) yield* fileOf(inside);
      else yield { kind: 'left out', path: inside };
    }
  } catch (error) {
    yield { kind: 'problem', path: folder, message: reason(error) };
  }
}

async function* fileOf(file: string): AsyncGenerator<Found> {
  const stats = await look(file);
  if (stats instanceof Error) yield { kind: 'problem', path: file, message: reason(stats) };
  else yield { kind: 'file', path: file, size: stats.size };
}

async function look(file: string): Promise<Stats | Error> {
  return stat(file).catch((error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

/** What the system said about a path, in words. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : '';
  if (code === 'ENOENT') return 'There is no such file.';
  if (code === 'EACCES' || code === 'EPERM') return 'It may not be read.';
  return error instanceof Error ? error.message : String(error);
}

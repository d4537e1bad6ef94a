import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Makes an empty folder that only this user can enter. `parent` defaults to the system's temporary folder. */
export async function makeTempDir(prefix: string, parent: string = tmpdir()): Promise<string> {
  await mkdir(parent, { recursive: true, mode: 0o700 });
  return mkdtemp(join(parent, `${prefix}-`));
}

/** Removes a scratch folder and all in it; silent when it is already gone. */
export async function removeTempDir(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: 3, retryDelay: 50 });
}

/** Runs `work` with a private scratch folder and removes the folder whatever happens. */
export async function withTempDir<T>(
  prefix: string,
  work: (folder: string) => Promise<T>,
  parent?: string,
): Promise<T> {
  const folder = await makeTempDir(prefix, parent);
  try {
    return await work(folder);
  } finally {
    await removeTempDir(folder);
  }
}

import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  link,
  lstat,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeyMissing, KeyTaken, StoreError } from '../../src/storage/contract.ts';
import type { Store } from '../../src/storage/contract.ts';
import { openLocalStore } from '../../src/storage/local.ts';
import { bytesOf, freshKey, keysOf, stageRequest, storeSuite } from '../suites/store.ts';

const ID = 'a3f1f0de-18d5-4a5e-8e0c-3f0b6f7c1d11';
const OTHER = 'b3f1f0de-18d5-4a5e-8e0c-3f0b6f7c1d22';
const folders: string[] = [];
const scratch = async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'backlot-store-'));
  folders.push(folder);
  return folder;
};
afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true, force: true }))));

storeSuite({
  name: 'local',
  open: async () => {
    const store = await openLocalStore({ dir: path.join(await scratch(), 'files'), installationId: ID });
    return { store, close: () => Promise.resolve() };
  },
});

async function keep(store: Store, bytes: Buffer, key = freshKey()): Promise<string> {
  const staged = await store.stage(stageRequest(Readable.from([bytes])));
  await staged.commit(key);
  await staged.discard();
  return key;
}

describe('links in the folder', () => {
  let dir: string;
  let store: Store;
  let canary: string;
  beforeAll(async () => {
    dir = await scratch();
    store = await openLocalStore({ dir, installationId: ID });
    canary = path.join(await scratch(), 'canary.txt');
    await writeFile(canary, 'a secret of this machine');
  });

  it('are never followed by a read', async () => {
    const key = freshKey('txt');
    await keep(store, Buffer.from('x'), freshKey('txt'));
    await symlink(canary, path.join(dir, key));
    await expect(store.read(key)).rejects.toBeInstanceOf(KeyMissing);
    await expect(store.readWhole(key)).rejects.toBeInstanceOf(KeyMissing);
    await expect(store.localFile(key)).rejects.toBeInstanceOf(KeyMissing);
    expect(await store.stat(key)).toBeNull();
    expect(await keysOf(store, path.dirname(key))).not.toContain(key);
  });

  it('are never written through: a key that is a link is taken, and what it points to stays', async () => {
    const key = freshKey('txt');
    await symlink(canary, path.join(dir, key));
    const staged = await store.stage(stageRequest(Readable.from([Buffer.from('overwritten')])));
    await expect(staged.commit(key)).rejects.toBeInstanceOf(KeyTaken);
    await staged.discard();
    await store.put(key, { data: Buffer.from('replaced') });
    expect(await readFile(canary, 'utf8')).toBe('a secret of this machine');
    expect((await lstat(path.join(dir, key))).isSymbolicLink()).toBe(false);
  });

  it('are removed, not what they point to', async () => {
    const key = freshKey('txt');
    await symlink(canary, path.join(dir, key));
    await store.remove(key);
    expect(await readFile(canary, 'utf8')).toBe('a secret of this machine');
    await symlink(path.dirname(canary), path.join(dir, '.staging', 'planted'));
    await store.sweep(0);
    expect(await readFile(canary, 'utf8')).toBe('a secret of this machine');
  });

  it('that are hard share bytes with nobody: a blob is not changed through its staged name', async () => {
    const bytes = randomBytes(1000);
    const key = await keep(store, bytes);
    expect((await lstat(path.join(dir, key))).nlink).toBe(1);
    await link(path.join(dir, key), path.join(dir, '.staging', 'second-name'));
    await store.sweep(0);
    expect((await store.readWhole(key)).equals(bytes)).toBe(true);
  });
});

describe('the marker', () => {
  it('ties a folder to its installation and is found again', async () => {
    const dir = await scratch();
    await openLocalStore({ dir, installationId: ID });
    const again = await openLocalStore({ dir, installationId: ID });
    expect(await again.isAttached()).toBe(true);
  });

  it('of another installation stops the start and names both remedies', async () => {
    const dir = await scratch();
    await openLocalStore({ dir, installationId: ID });
    await expect(openLocalStore({ dir, installationId: OTHER })).rejects.toThrow(
      /belongs to another installation.*BACKLOT_DATA_DIR.*DATABASE_URL/,
    );
  });

  it('missing beside files, or unreadable, stops the start and changes nothing', async () => {
    const dir = await scratch();
    await mkdir(path.join(dir, 'somebody'));
    await writeFile(path.join(dir, 'somebody/else.txt'), 'precious');
    await expect(openLocalStore({ dir, installationId: ID })).rejects.toThrow(/no marker/);
    expect(await readdir(dir)).toEqual(['somebody']);
    const torn = await scratch();
    await writeFile(path.join(torn, 'installation.json'), '{"install');
    await expect(openLocalStore({ dir: torn, installationId: ID })).rejects.toThrow(/another installation/);
  });

  it('gone while the program runs detaches the store', async () => {
    const dir = await scratch();
    const store = await openLocalStore({ dir, installationId: ID });
    const marker = path.join(dir, 'installation.json');
    await rename(marker, `${marker}.away`);
    expect(await store.isAttached()).toBe(false);
    await writeFile(marker, JSON.stringify({ installation: OTHER }));
    expect(await store.isAttached()).toBe(false);
    await rename(`${marker}.away`, marker);
    expect(await store.isAttached()).toBe(true);
  });
});

describe('leftovers', () => {
  it('are swept by age, or at once when their process is dead; those of a live one stay', async () => {
    const dir = await scratch();
    const store = await openLocalStore({ dir, installationId: ID });
    const staging = path.join(dir, '.staging');
    const staged = await store.stage(stageRequest(Readable.from([randomBytes(100)])));
    const [own = ''] = await readdir(staging);
    const host = hostname().replaceAll(/[^A-Za-z0-9-]/g, '');
    const dead = spawnSync('true').pid;
    await writeFile(path.join(staging, `${host}.${dead}.abc.def`), 'of a dead process');
    await writeFile(
      path.join(staging, `${host}.${process.pid}.other.def`),
      'of an earlier run with our number',
    );
    await writeFile(path.join(staging, `elsewhere.${dead}.abc.def`), 'of another machine');
    await writeFile(path.join(staging, 'elsewhere.1.abc.old'), 'old');
    const old = new Date(Date.now() - 25 * 3_600_000);
    await utimes(path.join(staging, 'elsewhere.1.abc.old'), old, old);
    expect(await store.sweep(24)).toBe(3);
    expect((await readdir(staging)).toSorted()).toEqual([`elsewhere.${dead}.abc.def`, own].toSorted());
    const key = freshKey();
    await staged.commit(key);
    expect((await store.stat(key))?.size).toBe(100);
  });
});

/** A file system of a few megabytes, where one may be mounted. */
const mountable = (() => {
  if (process.getuid?.() !== 0) return 'only root may mount';
  const made = spawnSync('sh', [
    '-c',
    'd=$(mktemp -d) && mount -t tmpfs -o size=1m tmpfs $d && umount $d && rmdir $d',
  ]);
  return made.status === 0 ? null : 'a tmpfs cannot be mounted here';
})();

describe.skipIf(mountable !== null)(
  `a full disk${mountable === null ? '' : ` (skipped: ${mountable})`}`,
  () => {
    let dir: string;
    let store: Store;
    beforeAll(async () => {
      dir = await scratch();
      expect(spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=8m', 'tmpfs', dir]).status).toBe(0);
      store = await openLocalStore({ dir, installationId: ID });
    });
    afterAll(() => {
      // The store keeps descriptors of its folders; the file system goes when they do.
      spawnSync('umount', ['-l', dir]);
    });

    it('refuses what does not fit, says why, keeps what it has and takes more once there is room', async () => {
      const bytes = randomBytes(3 << 20);
      const first = await keep(store, bytes);
      const large = () =>
        store.stage(stageRequest(Readable.from([randomBytes(4 << 20), randomBytes(4 << 20)])));
      await expect(large()).rejects.toBeInstanceOf(StoreError);
      await expect(large()).rejects.toMatchObject({ full: true });
      expect(await readdir(path.join(dir, '.staging'))).toEqual([]);
      await expect(store.put(freshKey(), { data: randomBytes(6 << 20) })).rejects.toMatchObject({
        full: true,
      });
      expect(await readdir(path.join(dir, '.staging'))).toEqual([]);
      expect((await bytesOf(await store.read(first))).equals(bytes)).toBe(true);
      await store.remove(first);
      const second = await keep(store, randomBytes(6 << 20));
      expect((await store.stat(second))?.size).toBe(6 << 20);
    });
  },
);

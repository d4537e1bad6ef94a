import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import path from 'node:path';
import { sql } from 'kysely';
import { countJobs } from '../../src/database/jobs.ts';
import type { Database } from '../../src/database/database.ts';
import { enterBrandAsSystem } from '../../src/domain/access.ts';
import type { TestApp } from './app.ts';

/** Tables of a brand whose rows a refused request must leave alone; the search rows are seen through their view. */
const WATCHED = [
  'asset',
  'version',
  'rendition',
  'asset_use',
  'operation',
  'asset_change',
  'bulk_plan',
  'collection',
  'saved_search',
  'collection_member',
  'favourite',
  'share_link',
  'reservation',
  'upload',
  'asset_count',
  'tag_count',
  'brand_usage',
  'search_row',
  'event',
  'likeness',
  'duplicate',
  'not_duplicate',
  'merge_row',
  'step_failure',
];

/** Every row of a brand as text, table by table. */
export async function snapshotBrand(
  database: Database,
  brandId: string,
  without: readonly string[] = [],
): Promise<Record<string, string[]>> {
  const scope = enterBrandAsSystem(brandId);
  return database.inBrand(scope, async (tx) => {
    const tables: Record<string, string[]> = {};
    for (const table of WATCHED.filter((name) => !without.includes(name))) {
      const { rows } = await sql<{ row: string }>`
        select to_jsonb(t)::text as row from ${sql.table(table)} t where brand_id = ${brandId} order by 1`.execute(
        tx,
      );
      tables[table] = rows.map(({ row }) => row);
    }
    return tables;
  });
}

/** Files in the storage by their place in it, the marker left out. */
export async function storedFiles(dataDir: string): Promise<string[]> {
  const root = path.join(dataDir, 'files');
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => !entry.isDirectory() && entry.name !== 'installation.json')
    .map((entry) => path.relative(root, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Temporary files of uploads, whole or resumable. */
export async function temporaryFiles(dataDir: string): Promise<string[]> {
  return (await storedFiles(dataDir)).filter((file) => file.startsWith('.'));
}

/** What stands of uploads: assets, blobs, temporary files, bytes reserved and used. */
export interface Standing {
  readonly assets: number;
  readonly versions: number;
  readonly files: readonly string[];
  readonly reserved: number;
  readonly reservations: number;
  readonly used: number;
}

export async function standing({ app, dataDir }: Pick<TestApp, 'app' | 'dataDir'>): Promise<Standing> {
  const db = app.deps.database.workspace;
  const { rows } = await sql<Omit<Standing, 'files'>>`
    select (select count(*) from asset) as assets, (select count(*) from version) as versions,
      (select count(*) from reservation) as reservations, reserved_bytes as reserved, used_bytes as used
    from workspace_usage`.execute(db);
  const [row] = rows;
  if (row === undefined) throw new Error('The usage row is missing.');
  return { ...row, files: await storedFiles(dataDir) };
}

/** Settles when no file waits to be understood and no purge runs; sidecars, which come seconds later, may be open. */
export async function understood({ app }: Pick<TestApp, 'app'>): Promise<void> {
  for (;;) {
    const jobs = await countJobs(app.deps.database.workspace);
    if ((jobs['ingest'] ?? 0) + (jobs['purge'] ?? 0) === 0) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

export const sha256 = (bytes: Buffer | string): string => createHash('sha256').update(bytes).digest('hex');

export interface Fault {
  readonly key: string;
  readonly fault: 'no bytes' | 'wrong digest' | 'no row';
}

/** Compares every version's row with its stored bytes, in both directions. */
export async function storageFaults(database: Database, dataDir: string): Promise<Fault[]> {
  const { rows } = await sql<{ key: string; digest: string }>`
    select storage_key as key, encode(sha256, 'hex') as digest from version`.execute(database.workspace);
  const renditions = await sql<{ key: string }>`select storage_key as key from rendition`.execute(
    database.workspace,
  );
  const assets = await sql<{ id: string }>`select id from asset`.execute(database.workspace);
  const faults: Fault[] = [];
  for (const { key, digest } of rows) {
    const bytes = await readFile(path.join(dataDir, 'files', key)).catch(() => null);
    if (bytes === null) faults.push({ key, fault: 'no bytes' });
    else if (sha256(bytes) !== digest) faults.push({ key, fault: 'wrong digest' });
  }
  const named = new Set([...rows, ...renditions.rows].map((row) => row.key));
  const alive = new Set(assets.rows.map((row) => `${row.id}.json`));
  for (const key of await storedFiles(dataDir)) {
    if (!named.has(key) && !alive.has(path.basename(key)) && !key.startsWith('.')) {
      faults.push({ key, fault: 'no row' });
    }
  }
  return faults;
}

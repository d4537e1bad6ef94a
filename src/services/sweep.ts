import { dropDeleted } from '../database/collections.ts';
import { deleteExpiredCredentials } from '../database/credentials.ts';
import { deleteOldEvents } from '../database/events.ts';
import { releaseExpired } from '../database/quota.ts';
import { existingIds } from '../database/assets.ts';
import { addJob, ingestKey, openJobKeys, releaseJobs } from '../database/jobs.ts';
import { unfinishedVersions, waitingVersions } from '../database/versions.ts';
import { knownKeys } from '../database/trash.ts';
import { listBrands } from '../database/workspace.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { BrandScope } from '../domain/access.ts';
import { brandPrefix } from '../storage/keys.ts';
import type { Deps } from './deps.ts';
import { sweepResumables } from './resumable.ts';

type SweepDeps = Pick<Deps, 'database' | 'store' | 'log'>;

/** Hours after which a staged file cannot belong to an upload that still runs. */
const STAGING_HOURS = 24;

/** Days in which the deletion of a collection can be undone. */
const UNDO_DAYS = 30;

/** Leftovers of uploads that never ended (every ten minutes). Harmless to repeat: what is gone stays gone. */
export async function sweep(deps: SweepDeps): Promise<void> {
  const staged = await deps.store.sweep(STAGING_HOURS);
  let uploads = 0;
  let reservations = 0;
  for (const brand of await listBrands(deps.database.workspace)) {
    const scope = enterBrandAsSystem(brand.id);
    uploads += await sweepResumables(deps, scope);
    reservations += await deps.database.inBrand(scope, async (tx) => {
      await deleteOldEvents(scope, tx);
      await dropDeleted(scope, tx, UNDO_DAYS);
      return releaseExpired(scope, tx);
    });
  }
  await deleteExpiredCredentials(deps.database.workspace);
  if (staged + uploads + reservations > 0) deps.log.info('Swept', { staged, uploads, reservations });
}

/** Why a file has no picture yet, and the tool that it waits for. */
const WAITING = {
  waiting_for_ffmpeg: 'ffmpeg',
  waiting_for_libreoffice: 'libreoffice',
  waiting_for_heif: 'heif-convert',
} as const;

/** Files that wait for a tool are understood once it is there: their job is written again. */
export async function retryWaiting(deps: Pick<Deps, 'database' | 'capabilities'>): Promise<void> {
  // Trying the tools out takes a second, so they are asked only when a file waits.
  let asked: Promise<ReadonlySet<string>> | undefined;
  const isThere = async (tool: string): Promise<boolean> => {
    asked ??= deps
      .capabilities()
      .then((all) => new Set(all.filter(({ available }) => available).map(({ name }) => name)));
    return (await asked).has(tool);
  };
  for (const brand of await listBrands(deps.database.workspace)) {
    for (const [reason, tool] of Object.entries(WAITING)) {
      await retryBrand(deps, { brandId: brand.id, reason, isThere: () => isThere(tool) });
    }
  }
}

async function retryBrand(
  deps: Pick<Deps, 'database'>,
  of: { brandId: string; reason: string; isThere: () => Promise<boolean> },
): Promise<void> {
  const { brandId, reason } = of;
  const scope = enterBrandAsSystem(brandId);
  for (let after: string | undefined = ''; after !== undefined;) {
    const which: { reason: string; after: string } = { reason, after };
    const waiting = await deps.database.inBrand(scope, (tx) => waitingVersions(scope, tx, which));
    if (waiting.length === 0 || !(await of.isThere())) return;
    await deps.database.inBrand(scope, async (tx) => {
      for (const { assetId, n } of waiting) {
        const payload = { brandId, assetId, version: n };
        await addJob(tx, { name: 'ingest', payload, key: ingestKey(assetId, n) });
      }
    });
    after = waiting.at(-1)?.assetId;
  }
}

/**
 * What a killed program or a lasting fault left unfinished goes on: jobs taken before this program began are given
 * back, and a file whose job has run out of attempts gets a new one. Where several programs work on one database this
 * can start a job of another's a second time, which is harmless to every handler.
 */
export async function resumeJobs({ database }: Pick<Deps, 'database'>): Promise<void> {
  await releaseJobs(database.workspace, process.uptime());
  for (const brand of await listBrands(database.workspace)) {
    const scope = enterBrandAsSystem(brand.id);
    for (let after: string | undefined = ''; after !== undefined;) {
      const from: string = after;
      const found = await database.inBrand(scope, (tx) => unfinishedVersions(scope, tx, from));
      const open = await openJobKeys(
        database.workspace,
        found.map(({ assetId, n }) => ingestKey(assetId, n)),
      );
      await database.inBrand(scope, async (tx) => {
        for (const { assetId, n } of found) {
          const key = ingestKey(assetId, n);
          const payload = { brandId: brand.id, assetId, version: n };
          if (!open.has(key)) await addJob(tx, { name: 'ingest', payload, key });
        }
      });
      after = found.at(-1)?.assetId;
    }
  }
}

export interface Reconciled {
  readonly orphans: number;
  readonly removed: number;
}

/** A file that an upload is just about to name in its row is younger than this. */
const GRACE_HOURS = 24;
/** More than this share without a row points to a wrong folder or database, not to leftovers. */
const LARGEST_SHARE = 0.01;
/** A small library may lose a few more, since 1 % of it is less than one file; never a large part of it. */
const SMALL_COUNT = 20;
const SMALL_SHARE = 0.1;
const BATCH = 1000;

/**
 * Removes stored files that no row names and that are older than the grace time: what a crash between bytes and row
 * leaves. Refuses when the marker is missing, and when the share is too large unless that is allowed by hand.
 */
export async function reconcile(
  deps: SweepDeps,
  options: { graceHours?: number; allowMany?: boolean } = {},
): Promise<Reconciled> {
  if (!(await deps.store.isAttached())) {
    deps.log.error('Reconcile stands still: the storage does not carry the marker of this installation');
    return { orphans: 0, removed: 0 };
  }
  const before = Date.now() - (options.graceHours ?? GRACE_HOURS) * 3_600_000;
  const found: { scope: BrandScope; keys: string[] }[] = [];
  let orphans = 0;
  let total = 0;
  for (const brand of await listBrands(deps.database.workspace)) {
    const scope = enterBrandAsSystem(brand.id);
    let batch: string[] = [];
    const check = async () => {
      const keys = await unknownOf(deps, scope, batch);
      if (keys.length > 0) found.push({ scope, keys });
      orphans += keys.length;
      batch = [];
    };
    for await (const file of deps.store.list(brandPrefix(brand.id))) {
      total += 1;
      if (file.modified.getTime() <= before) batch.push(file.key);
      if (batch.length >= BATCH) await check();
    }
    await check();
  }
  const limit = Math.max(total * LARGEST_SHARE, Math.min(SMALL_COUNT, total * SMALL_SHARE));
  if (orphans > limit && options.allowMany !== true) {
    deps.log.error('Reconcile found too many files without a row and removed none', {
      orphans,
      total,
    });
    return { orphans, removed: 0 };
  }
  let removed = 0;
  for (const { scope, keys } of found) {
    // The walk took its time: the rows are asked again right before.
    for (const key of await unknownOf(deps, scope, keys)) {
      await deps.store.remove(key);
      removed += 1;
    }
  }
  if (removed > 0) deps.log.info('Files without a row removed', { removed });
  return { orphans, removed };
}

const SIDECAR = /\/(AST-[0-9A-Z]{8})\.json$/;

async function unknownOf(deps: SweepDeps, scope: BrandScope, keys: readonly string[]): Promise<string[]> {
  const sidecars = keys.flatMap((key) => SIDECAR.exec(key)?.[1] ?? []);
  const { named, alive } = await deps.database.inBrand(scope, async (tx) => ({
    named: await knownKeys(scope, tx, keys),
    alive: await existingIds(scope, tx, sidecars),
  }));
  return keys.filter((key) => {
    const asset = SIDECAR.exec(key)?.[1];
    return asset === undefined ? !named.has(key) : !alive.has(asset);
  });
}

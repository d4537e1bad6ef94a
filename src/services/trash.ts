import type { Input, Output } from '../contract/operations.ts';
import { lockAsset } from '../database/assets.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addJob } from '../database/jobs.ts';
import { addOperation } from '../database/operations.ts';
import {
  claimPurge,
  deletePurged,
  listTrash as selectTrash,
  measureTrash,
  nextClaimed,
  productionsUsing,
} from '../database/trash.ts';
import type { PurgeClaim } from '../database/trash.ts';
import { getWorkspace, listBrands } from '../database/workspace.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { BrandScope } from '../domain/access.ts';
import { MEDIA_TYPES } from '../domain/asset-types.ts';
import { Failure } from '../domain/failures.ts';
import { sidecarKey } from '../storage/keys.ts';
import { decodeTimeCursor, encodeCursor } from './cursor.ts';
import type { Deps } from './deps.ts';
import { presentCard } from './present.ts';

type Db = Pick<Deps, 'database'>;
type PurgeDeps = Pick<Deps, 'database' | 'store' | 'pictures' | 'log'>;

export async function listTrash(
  { database }: Db,
  scope: BrandScope,
  input: Input<'trash.list'>,
): Promise<Output<'trash.list'>> {
  const limit = input.limit ?? 100;
  const after = decodeTimeCursor(input.after);
  return database.inBrand(scope, async (tx) => {
    const rows = await selectTrash(scope, tx, { after, limit });
    const total = await measureTrash(scope, tx);
    const { plan } = await getWorkspace(tx);
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      items: rows.map((asset) => ({
        ...presentCard(asset, { scope, trashDays: plan.trashDays }),
        reason: asset.reason,
        trashedBy: asset.trashedBy,
        usedBy: [...asset.usedBy],
      })),
      next: last === undefined ? null : encodeCursor(last.trashedAt, last.id),
      count: total.count,
      bytes: total.bytes,
      keepDays: plan.trashDays,
    };
  });
}

/** Deletes one trashed asset for ever; when it resolves its bytes are gone. */
export async function purgeOne(
  deps: PurgeDeps,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'trash.purge'>> {
  await requireAttached(deps);
  const claimed = await deps.database.inBrand(scope, async (tx) => {
    const asset = await lockAsset(scope, tx, input.id);
    if (asset === undefined) throw new Failure('not_found');
    if (asset.trashedAt === null) throw new Failure('not_in_trash');
    const done = await claimPurge(scope, tx, { ids: [input.id] });
    if (done.count === 0) {
      throw new Failure('in_use', { details: { productions: await productionsUsing(scope, tx, input.id) } });
    }
    await writePurge(scope, tx, { summary: `Deleted for ever: ${asset.name}`, changed: done.count });
    return done;
  });
  await purgeClaimed(deps, scope);
  return { purged: claimed.count, bytes: claimed.bytes };
}

/** Empties the trash: from the answer on nothing of it can be seen or restored; the bytes go right after. */
export function emptyTrash(deps: PurgeDeps, scope: BrandScope): Promise<Output<'trash.empty'>> {
  return purgeSome(deps, scope, undefined);
}

/** The same for some of it. What is not in the trash, or not there at all, is left alone. */
export function purgeMany(
  deps: PurgeDeps,
  scope: BrandScope,
  input: Input<'trash.purgeMany'>,
): Promise<Output<'trash.purgeMany'>> {
  return purgeSome(deps, scope, [...new Set(input.ids)]);
}

async function purgeSome(deps: PurgeDeps, scope: BrandScope, ids: readonly string[] | undefined) {
  await requireAttached(deps);
  const claimed = await claim(deps, scope, ids === undefined ? { all: true } : { ids });
  const left = await deps.database.inBrand(scope, (tx) => measureTrash(scope, tx, ids));
  if (claimed.count <= AT_ONCE) await purgeClaimed(deps, scope);
  return { purged: claimed.count, bytes: claimed.bytes, kept: left.count };
}

/** Up to so many are removed before the answer; more go on in the job. */
const AT_ONCE = 1000;

async function claim(deps: Db, scope: BrandScope, which: PurgeClaim) {
  return deps.database.inBrand(scope, async (tx) => {
    const done = await claimPurge(scope, tx, which);
    if (done.count > 0)
      await writePurge(scope, tx, {
        summary: 'ids' in which ? `Deleted ${done.count} for ever` : `Emptied the trash (${done.count})`,
        changed: done.count,
      });
    return done;
  });
}

/** A purge is the only loss there is, so the journal names who caused it; the job finishes what a crash leaves. */
async function writePurge(
  scope: BrandScope,
  tx: BrandTx,
  { summary, changed }: { summary: string; changed: number },
): Promise<void> {
  await addOperation(scope, tx, { kind: 'trash.purge', summary, undoable: false, changed });
  await addEvent(scope, tx, { kind: 'assets.changed' });
  await addJob(tx, { name: 'purge', payload: { brandId: scope.brandId }, key: `purge:${scope.brandId}` });
}

/**
 * Removes the bytes of claimed assets, then their rows. Running twice is harmless: removing an absent key is no error
 * and a row is deleted once. The claim itself was made under a guard, and a claimed asset cannot be restored.
 */
export async function purgeClaimed(deps: PurgeDeps, scope: BrandScope): Promise<number> {
  await requireAttached(deps);
  let purged = 0;
  for (;;) {
    const claimed = await deps.database.inBrand(scope, (tx) => nextClaimed(scope, tx, 200));
    if (claimed.length === 0) return purged;
    for (const asset of claimed) {
      const sidecars = MEDIA_TYPES.map((mediaType) =>
        sidecarKey({ brandId: scope.brandId, mediaType, assetId: asset.id }),
      );
      for (const key of [...asset.keys, ...sidecars]) await deps.store.remove(key);
      await deps.pictures.cache.forget(scope.brandId, asset.id);
    }
    purged += await deps.database.inBrand(scope, async (tx) => {
      const count = await deletePurged(
        scope,
        tx,
        claimed.map((asset) => asset.id),
      );
      await addEvent(scope, tx, { kind: 'storage.changed' });
      return count;
    });
  }
}

/** Trash whose days are over (daily); harmless to repeat, since a claim is made once. */
export async function expireTrash(deps: PurgeDeps): Promise<void> {
  await requireAttached(deps);
  const { plan } = await getWorkspace(deps.database.workspace);
  for (const brand of await listBrands(deps.database.workspace)) {
    const scope = enterBrandAsSystem(brand.id);
    const { count } = await claim(deps, scope, { olderThanDays: plan.trashDays });
    if (count > 0) deps.log.info('Trash expired', { brand: brand.slug, count });
    await purgeClaimed(deps, scope);
  }
}

/** A folder that is not mounted looks like one whose files are all gone; without its marker nothing is deleted. */
async function requireAttached(deps: PurgeDeps): Promise<void> {
  if (await deps.store.isAttached()) return;
  throw new Failure('storage_unavailable', {
    message: 'The storage does not carry the marker of this installation, so nothing was deleted.',
  });
}

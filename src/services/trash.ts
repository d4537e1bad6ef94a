import type { Input, Output } from '../contract/operations.ts';
import { lockAsset } from '../database/assets.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addJob } from '../database/jobs.ts';
import { addOperation } from '../database/operations.ts';
import { advanceRun, lockRun } from '../database/runs.ts';
import {
  claimPurge,
  deletePurged,
  listTrash as selectTrash,
  measurePurge,
  measureTrash,
  nextClaimed,
  productionsUsing,
} from '../database/trash.ts';
import { getWorkspace, listBrands } from '../database/workspace.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { BrandScope } from '../domain/access.ts';
import { MEDIA_TYPES } from '../domain/asset-types.ts';
import { Failure } from '../domain/failures.ts';
import { PORTION } from '../domain/runs.ts';
import { sidecarKey } from '../storage/keys.ts';
import { decodeTimeCursor, encodeCursor } from './cursor.ts';
import type { Deps } from './deps.ts';
import { addRunJob } from './portions.ts';
import { presentCard } from './present.ts';

type Db = Pick<Deps, 'database'>;
export type PurgeDeps = Pick<Deps, 'database' | 'store' | 'pictures' | 'log'>;

/** The kind of a step that deletes for ever. */
export const PURGE = 'trash.purge';

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

/** Empties the trash. What a large step has not reached yet can still be kept: by a restore, or by a cancel of the rest. */
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

/** Up to so many are removed before the answer; more are a step in portions of as many. */
const AT_ONCE = 1000;
/** The step itself removes the bytes of what it has claimed; should it die, a job does it after this while. */
const ABANDONED_SECONDS = 60;

/** What a large purge means, as its operation remembers it. */
interface PurgeRequest {
  readonly ids?: readonly string[];
}

async function purgeSome(
  deps: PurgeDeps,
  scope: BrandScope,
  ids: readonly string[] | undefined,
): Promise<Output<'trash.empty'>> {
  await requireAttached(deps);
  const answer = await deps.database.inBrand(scope, async (tx) => {
    const request: PurgeRequest = ids === undefined ? {} : { ids };
    const meant = await measurePurge(scope, tx, request);
    const there = await measureTrash(scope, tx, ids);
    const kept = there.count - meant.count;
    if (meant.count <= AT_ONCE) {
      const { count, bytes } = await claimPurge(scope, tx, request);
      const step = { summary: purgeWords(ids), changed: count };
      const operation = count === 0 ? null : await writePurge(scope, tx, step);
      return { operation, purged: count, bytes, kept, done: true };
    }
    const operation = await addOperation(scope, tx, {
      kind: PURGE,
      summary: purgeWords(ids),
      undoable: false,
      total: meant.count,
      request,
    });
    await addRunJob(scope, tx, operation);
    return { operation, purged: 0, bytes: meant.bytes, kept, done: false };
  });
  if (answer.done) await purgeClaimed(deps, scope);
  return answer;
}

/** How many is told by the figures of the step, which grow while it runs. */
function purgeWords(ids: readonly string[] | undefined): string {
  return ids === undefined ? 'Emptied the trash' : 'Deleted for ever';
}

/**
 * The next portion of a large purge: removes the bytes and rows of what is claimed, then claims more; false when nothing
 * was left, or when somebody has stopped the step. Claimed is claimed whoever did it, so a portion that was broken off is
 * finished by the next, and a step is done only when nothing of it is left on the disk.
 */
export async function purgeNext(
  deps: PurgeDeps,
  scope: BrandScope,
  { id, signal }: { id: string; signal: AbortSignal },
): Promise<boolean> {
  await purgeClaimed(deps, scope, signal);
  return deps.database.inBrand(scope, async (tx) => {
    const run = await lockRun(scope, tx, id);
    if (run === null || run.state !== 'running') return false;
    // Written by `purgeSome`.
    const request = run.request as PurgeRequest;
    const { seen, count } = await claimPurge(scope, tx, { ...request, until: run.at, limit: AT_ONCE });
    const state = seen > 0 ? 'running' : 'done';
    await advanceRun(scope, tx, { id, changed: count, skipped: 0, reached: '', state });
    if (count > 0) await tellPurge(scope, tx, ABANDONED_SECONDS);
    return seen > 0;
  });
}

/** A purge is the only loss there is, so the journal names who caused it; the job finishes what a crash leaves. */
async function writePurge(
  scope: BrandScope,
  tx: BrandTx,
  { summary, changed }: { summary: string; changed: number },
): Promise<string> {
  const operation = await addOperation(scope, tx, { kind: PURGE, summary, undoable: false, changed });
  await tellPurge(scope, tx);
  return operation;
}

async function tellPurge(scope: BrandScope, tx: BrandTx, delaySeconds?: number): Promise<void> {
  await addEvent(scope, tx, { kind: 'assets.changed' });
  await addJob(tx, {
    name: 'purge',
    payload: { brandId: scope.brandId },
    key: `purge:${scope.brandId}`,
    ...(delaySeconds === undefined ? {} : { delaySeconds }),
  });
}

/**
 * Removes the bytes of claimed assets, then their rows. Running twice is harmless: removing an absent key is no error
 * and a row is deleted once. The claim itself was made under a guard, and a claimed asset cannot be restored.
 */
export async function purgeClaimed(
  deps: PurgeDeps,
  scope: BrandScope,
  signal?: AbortSignal,
): Promise<number> {
  await requireAttached(deps);
  let purged = 0;
  for (;;) {
    signal?.throwIfAborted();
    const claimed = await deps.database.inBrand(scope, (tx) => nextClaimed(scope, tx, 200));
    if (claimed.length === 0) return purged;
    for (const asset of claimed) {
      const sidecars = MEDIA_TYPES.map((mediaType) =>
        sidecarKey({ brandId: scope.brandId, mediaType, assetId: asset.id }),
      );
      await Promise.all([...asset.keys, ...sidecars].map((key) => deps.store.remove(key)));
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

/** Trash whose days are over (daily), a portion at a time; harmless to repeat, since a claim is made once. */
export async function expireTrash(deps: PurgeDeps): Promise<void> {
  await requireAttached(deps);
  const { plan } = await getWorkspace(deps.database.workspace);
  for (const brand of await listBrands(deps.database.workspace)) {
    const scope = enterBrandAsSystem(brand.id);
    const over = { olderThanDays: plan.trashDays, limit: PORTION };
    for (let more = true; more;) {
      const { seen, count } = await deps.database.inBrand(scope, async (tx) => {
        const done = await claimPurge(scope, tx, over);
        const step = { summary: 'Emptied the trash of what was old', changed: done.count };
        if (done.count > 0) await writePurge(scope, tx, step);
        return done;
      });
      if (count > 0) deps.log.info('Trash expired', { brand: brand.slug, count });
      await purgeClaimed(deps, scope);
      more = seen > 0;
    }
  }
}

/** A folder that is not mounted looks like one whose files are all gone; without its marker nothing is deleted. */
async function requireAttached(deps: PurgeDeps): Promise<void> {
  if (await deps.store.isAttached()) return;
  throw new Failure('storage_unavailable', {
    message: 'The storage does not carry the marker of this installation, so nothing was deleted.',
  });
}

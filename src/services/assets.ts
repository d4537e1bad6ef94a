import type { AssetChange } from '../contract/assets.ts';
import type { Input, Output } from '../contract/operations.ts';
import { listAssets as selectAssets } from '../database/asset-list.ts';
import { countMatches } from '../database/asset-groups.ts';
import { getAsset, lockAsset } from '../database/assets.ts';
import { refreshSearchRows } from '../database/search-rows.ts';
import { changeAssets, searchChangeOf } from '../database/changes.ts';
import type { BulkEdit } from '../database/changes.ts';
import type { BrandTx } from '../database/database.ts';
import { addEvent } from '../database/events.ts';
import { addJob } from '../database/jobs.ts';
import { addChanged, addOperation, dropOperation } from '../database/operations.ts';
import { listRenditions } from '../database/versions.ts';
import { getWorkspace } from '../database/workspace.ts';
import type { BrandScope } from '../domain/access.ts';
import type { AssetEdit, AssetInFull, FieldOrigin } from '../domain/asset.ts';
import { Failure } from '../domain/failures.ts';
import {
  CUSTOM_MAX,
  cleanCustom,
  cleanLabel,
  cleanName,
  cleanParagraph,
  cleanTags,
  cleanText,
} from '../domain/naming.ts';
import { parseSort } from '../domain/search-query.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Deps } from './deps.ts';
import { explainMatches } from './matched.ts';
import { presentCard, presentDetail } from './present.ts';

type Db = Pick<Deps, 'database'>;
const PAGE = 50;

export async function listAssets(
  { database }: Db,
  scope: BrandScope,
  input: Input<'assets.list'>,
): Promise<Output<'assets.list'>> {
  const limit = input.limit ?? PAGE;
  const sort = parseSort(input.sort);
  if (sort.key === 'added' && input.collection?.length !== 1) {
    throw new Failure('invalid_input', {
      message: 'The order "added" is that of one collection.',
      remedy: 'Name one collection, or choose another order.',
      details: { field: 'sort' },
    });
  }
  return database.inBrand(scope, async (tx) => {
    const rows = await selectAssets(scope, tx, {
      query: input,
      sort,
      limit,
      after: decodeCursor(input.after),
      offset: input.offset,
    });
    const last = rows.length === limit ? rows.at(-1) : undefined;
    const matched = await explainMatches(scope, tx, { q: input.q, rows });
    return {
      items: rows.map((asset) => {
        const why = matched.get(asset.id);
        return { ...presentCard(asset, { scope }), ...(why === undefined ? {} : { matched: why }) };
      }),
      next: last === undefined ? null : encodeCursor(last.sortValue, last.id),
      count: input.count === true ? await countMatches(scope, tx, input) : null,
    };
  });
}

export async function getDetail(
  { database }: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'assets.get'>> {
  return database.inBrand(scope, (tx) => readDetail(scope, tx, input.id));
}

/** The detail of an asset as this transaction sees it. */
export async function readDetail(scope: BrandScope, tx: BrandTx, id: string): Promise<Output<'assets.get'>> {
  const asset = await getAsset(scope, tx, id);
  if (asset === undefined) throw new Failure('not_found');
  const renditions = await listRenditions(scope, tx, { assetId: id, n: asset.version });
  const { plan } = await getWorkspace(tx);
  return presentDetail(asset, renditions, { scope, trashDays: plan.trashDays });
}

/** Text fields as they are stored: cleaned of what would break a line, a list or a header. */
export function cleanEdit(change: AssetChange): AssetEdit {
  const { name, description, sceneHint, tags, product, campaign, mood, style, custom, ...rest } = change;
  const defined = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined));
  return {
    ...defined,
    ...(name === undefined ? {} : { name: cleanName(name) }),
    ...(description === undefined ? {} : { description: cleanParagraph(description) }),
    ...(sceneHint === undefined ? {} : { sceneHint: cleanText(sceneHint) }),
    ...(tags === undefined ? {} : { tags: cleanTags(tags) }),
    ...(product === undefined ? {} : { product: cleanLabel(product) }),
    ...(campaign === undefined ? {} : { campaign: cleanLabel(campaign) }),
    ...(mood === undefined ? {} : { mood: cleanTags(mood) }),
    ...(style === undefined ? {} : { style: cleanTags(style) }),
    ...(custom === undefined ? {} : { custom: cleanCustom(custom) }),
  };
}

function requireFewFields(asset: AssetInFull, edit: AssetEdit): void {
  const merged = Object.values({ ...asset.custom, ...edit.custom }).filter((value) => value !== null);
  if (merged.length > CUSTOM_MAX) {
    throw new Failure('too_many', { message: `An asset may have at most ${CUSTOM_MAX} custom fields.` });
  }
}

/** Locks are no edits of what a field says, and steps should not look as if. */
function editWord(edit: AssetEdit): string {
  if (edit.lock === undefined || Object.keys(edit).length > 1) return 'Edited';
  const sides = new Set(Object.values(edit.lock));
  return sides.size > 1
    ? 'Changed the locks of'
    : sides.has(true)
      ? 'Locked fields of'
      : 'Unlocked fields of';
}

export function personOrigin(scope: BrandScope): FieldOrigin {
  return { by: 'person', who: scope.actor.name, at: new Date().toISOString() };
}

export async function updateAsset(
  { database }: Db,
  scope: BrandScope,
  input: Input<'assets.update'>,
): Promise<Output<'assets.update'>> {
  const { b: _, id, revision, ...change } = input;
  const edit = cleanEdit(change);
  return database.inBrand(scope, async (tx) => {
    const asset = await lockAsset(scope, tx, id);
    if (asset === undefined) throw new Failure('not_found');
    if (asset.trashedAt !== null) throw new Failure('in_trash');
    if (revision !== undefined && revision !== asset.revision) {
      throw new Failure('changed_meanwhile', { details: { revision: asset.revision } });
    }
    requireFewFields(asset, edit);
    await changeOne(scope, tx, {
      asset,
      edit,
      kind: 'assets.update',
      summary: `${editWord(edit)} ${asset.name}`,
    });
    return readDetail(scope, tx, id);
  });
}

export function trashAsset(
  deps: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'assets.trash'>> {
  return moveAsset(deps, scope, { id: input.id, life: 'trash' });
}

export function restoreAsset(
  deps: Db,
  scope: BrandScope,
  input: { id: string },
): Promise<Output<'assets.restore'>> {
  return moveAsset(deps, scope, { id: input.id, life: 'restore' });
}

/** Trash and restore are fields of the row: no byte moves. Repeating either changes nothing. */
async function moveAsset(
  { database }: Db,
  scope: BrandScope,
  step: { id: string; life: 'trash' | 'restore' },
) {
  return database.inBrand(scope, async (tx) => {
    const asset = await lockAsset(scope, tx, step.id);
    if (asset === undefined) throw new Failure('not_found');
    const trashing = step.life === 'trash';
    const operation = await changeOne(scope, tx, {
      asset,
      edit: { life: step.life },
      kind: trashing ? 'assets.trash' : 'assets.restore',
      summary: `${trashing ? 'Moved to trash' : 'Restored'}: ${asset.name}`,
    });
    const now = await getAsset(scope, tx, step.id);
    const { plan } = await getWorkspace(tx);
    return { operation, asset: presentCard(now ?? asset, { scope, trashDays: plan.trashDays }) };
  });
}

/** One journaled step on one asset, with all that follows from it; answers the operation's id. */
export async function changeOne(
  scope: BrandScope,
  tx: BrandTx,
  step: { asset: AssetInFull; edit: BulkEdit; kind: string; summary: string },
): Promise<string> {
  const operation = await addOperation(scope, tx, { kind: step.kind, summary: step.summary, undoable: true });
  const changed = await changeAssets(scope, tx, {
    selection: { ids: [step.asset.id] },
    edit: step.edit,
    operation,
    origin: personOrigin(scope),
    limit: 1,
  });
  if (changed.ids.length === 0) {
    // The answer to a repeated trash or restore names its step; an edit's answer does not.
    if (step.edit.life === undefined) await dropOperation(scope, tx, operation);
    return operation;
  }
  await addChanged(scope, tx, { operation, changed: 1 });
  await refreshSearchRows(scope, tx, { ids: changed.ids, change: searchChangeOf(step.edit) });
  await addEvent(scope, tx, { kind: eventOf(step.edit), assetId: step.asset.id });
  await addJob(tx, {
    name: 'sidecar',
    payload: { brandId: scope.brandId, assetId: step.asset.id },
    key: `sidecar:${step.asset.id}`,
    delaySeconds: 5,
  });
  return operation;
}

function eventOf(edit: BulkEdit): 'asset.trashed' | 'asset.restored' | 'asset.changed' {
  if (edit.life === undefined) return 'asset.changed';
  return edit.life === 'trash' ? 'asset.trashed' : 'asset.restored';
}

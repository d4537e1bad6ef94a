import type { Input, Output } from '../contract/operations.ts';
import { refreshSearchRows } from '../database/search-rows.ts';
import { changeAssets } from '../database/changes.ts';
import type { BrandTx } from '../database/database.ts';
import {
  getAssets,
  leaveGroups,
  listGroups,
  listMembers,
  lockAssets,
  lockGroups,
  measureGroups,
  setApart,
} from '../database/duplicates.ts';
import type { GroupRow } from '../database/duplicates.ts';
import { findAlike } from '../database/likeness.ts';
import { CARRIED_NOUNS, carryRows, countCarried } from '../database/merges.ts';
import { addChanged, addOperation } from '../database/operations.ts';
import type { BrandScope } from '../domain/access.ts';
import type { Asset, AssetInFull } from '../domain/asset.ts';
import { MERGE, bestOf, carriedFields, kindOf } from '../domain/duplicates.ts';
import { Failure } from '../domain/failures.ts';
import { personOrigin } from './assets.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import type { Deps } from './deps.ts';
import { regroup } from './duplicate-groups.ts';
import { tellChanged } from './portions.ts';
import { presentCard } from './present.ts';

type Db = Pick<Deps, 'database'>;

export async function listDuplicates(
  { database }: Db,
  scope: BrandScope,
  input: Input<'duplicates.list'>,
): Promise<Output<'duplicates.list'>> {
  const limit = input.limit ?? 20;
  return database.inBrand(scope, async (tx) => {
    const rows = await listGroups(scope, tx, { kind: input.kind, after: cursorOf(input.after), limit });
    const members = await listMembers(
      scope,
      tx,
      rows.map((row) => row.id),
    );
    const last = rows.length === limit ? rows.at(-1) : undefined;
    return {
      groups: rows.flatMap((row) => {
        const own = members.filter((member) => member.group === row.id);
        return presentGroup(scope, row, own);
      }),
      next: last === undefined ? null : encodeCursor(last.frees, last.id),
      totals: await measureGroups(scope, tx),
    };
  });
}

function cursorOf(after: string | undefined): readonly [number, string] | undefined {
  const cursor = decodeCursor(after);
  if (cursor === undefined) return undefined;
  const [frees, id] = cursor;
  if (typeof frees === 'number') return [frees, id];
  throw new Failure('invalid_input', {
    message: 'The cursor is not one of this list.',
    details: { field: 'after' },
  });
}

function presentGroup(scope: BrandScope, row: GroupRow, members: readonly Asset[]) {
  const choice = bestOf(members);
  if (choice === null) return [];
  const { best, rule } = choice;
  return [
    {
      id: row.id,
      kind: row.isExact ? ('exact' as const) : ('near' as const),
      count: members.length,
      bytes: row.bytes,
      frees: row.bytes - best.totalBytes,
      best: best.id,
      because: rule,
      assets: [best, ...members.filter((member) => member !== best)].map((asset) =>
        presentCard(asset, { scope }),
      ),
    },
  ];
}

/** Live assets like one, closest first. */
export async function listNear(
  { database }: Db,
  scope: BrandScope,
  input: Input<'duplicates.near'>,
): Promise<Output<'duplicates.near'>> {
  return database.inBrand(scope, async (tx) => {
    const [asset] = await getAssets(scope, tx, [input.id]);
    if (asset === undefined) throw new Failure('not_found');
    const found = await findAlike(scope, tx, {
      assetId: input.id,
      limit: input.limit ?? 24,
      trashed: false,
    });
    const cards = await getAssets(
      scope,
      tx,
      found.map((one) => one.id),
    );
    return {
      items: found.flatMap((one) => {
        const card = cards.find((candidate) => candidate.id === one.id);
        const kind = kindOf(one);
        if (card === undefined || kind === null) return [];
        return [{ asset: presentCard(card, { scope }), kind, distance: one.distance }];
      }),
    };
  });
}

/** Keeps one asset and moves the others to the trash; what people made of them goes over to the kept one. */
export async function mergeDuplicates(
  { database }: Db,
  scope: BrandScope,
  input: Input<'duplicates.merge'>,
): Promise<Output<'duplicates.merge'>> {
  const others = [...new Set(input.others)].filter((id) => id !== input.keep);
  if (others.length === 0) {
    throw new Failure('invalid_input', {
      message: 'A merge needs at least one asset beside the one that is kept.',
      details: { field: 'others' },
    });
  }
  return database.inBrand(scope, async (tx) => {
    const all = await lockAssets(scope, tx, [input.keep, ...others]);
    const keep = all.find((asset) => asset.id === input.keep);
    const rest = others.flatMap((id) => all.find((asset) => asset.id === id) ?? []);
    if (keep === undefined || rest.length < others.length) throw new Failure('not_found');
    if (all.some((asset) => asset.trashedAt !== null)) throw new Failure('in_trash');
    const edit = carriedFields(keep, rest);
    const rows = await countCarried(scope, tx, others);
    const answer = {
      trashed: rest.length,
      bytes: rest.reduce((sum, asset) => sum + asset.totalBytes, 0),
      fields: Object.entries(edit).map(([field, to]) => ({
        field,
        from: (keep as unknown as Readonly<Record<string, unknown>>)[field] ?? null,
        to,
      })),
      rows: CARRIED_NOUNS.map((what) => ({ what, count: rows[what] })),
    };
    if (input.plan === true) return { operation: null, ...answer };
    return { operation: await merge(scope, tx, { keep, rest, edit }), ...answer };
  });
}

async function merge(
  scope: BrandScope,
  tx: BrandTx,
  step: { keep: AssetInFull; rest: readonly AssetInFull[]; edit: ReturnType<typeof carriedFields> },
): Promise<string> {
  const { keep, rest, edit } = step;
  const others = rest.map((asset) => asset.id);
  const operation = await addOperation(scope, tx, {
    kind: MERGE,
    summary: `Merged into ${keep.name}`,
    undoable: true,
    request: { keep: keep.id },
  });
  const origin = personOrigin(scope);
  const shared = { operation, origin, limit: others.length };
  await changeAssets(scope, tx, { ...shared, selection: { ids: [keep.id] }, edit });
  await changeAssets(scope, tx, { ...shared, selection: { ids: others }, edit: { life: 'trash' } });
  await carryRows(scope, tx, { operation, keep: keep.id, others });
  await refreshSearchRows(scope, tx, { ids: [keep.id] });
  await addChanged(scope, tx, { operation, changed: others.length + 1 });
  await tellChanged(scope, tx, operation);
  return operation;
}

/** Remembers, or forgets, that assets which look alike are different things. */
export async function dismissDuplicates(
  { database }: Db,
  scope: BrandScope,
  input: Input<'duplicates.dismiss'>,
): Promise<Output<'duplicates.dismiss'>> {
  const ids = [...new Set(input.ids)];
  const from = [...new Set(input.from ?? [])].filter((id) => !ids.includes(id));
  if (ids.length + from.length < 2) {
    throw new Failure('invalid_input', {
      message: 'It takes two assets to be no duplicates of each other.',
      details: { field: 'ids' },
    });
  }
  const apart = input.dismissed ?? true;
  await database.inBrand(scope, async (tx) => {
    const known = await getAssets(scope, tx, [...ids, ...from]);
    if (known.length < ids.length + from.length) throw new Failure('not_found');
    await lockGroups(scope, tx);
    await setApart(scope, tx, { ids, from, apart });
    if (apart) await leaveGroups(scope, tx, ids);
    else for (const id of ids) await regroup(scope, tx, id);
  });
  return { dismissed: apart };
}

import type { BrandTx } from '../database/database.ts';
import { joinGroup, leaveGroups, listMemberships, lockGroups } from '../database/duplicates.ts';
import type { Membership } from '../database/duplicates.ts';
import { findAlike, syncLikeness } from '../database/likeness.ts';
import type { BrandScope } from '../domain/access.ts';
import { GROUP_MOST } from '../domain/duplicates.ts';
import type { Deps } from './deps.ts';

/**
 * Finds out whether an asset belongs to a group of duplicates, after its bytes were understood. Every member is like
 * the one that the group is named after, so groups do not grow from picture to picture into everything. Harmless to
 * repeat: the answer depends on what is there.
 */
export async function groupAlike(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
  assetId: string,
): Promise<void> {
  // In two steps: of two files at once, the one that looks later sees the hashes of the other.
  await database.inBrand(scope, (tx) => syncLikeness(scope, tx, assetId));
  await database.inBrand(scope, (tx) => regroup(scope, tx, assetId));
}

export async function regroup(scope: BrandScope, tx: BrandTx, assetId: string): Promise<void> {
  const found = await findAlike(scope, tx, { assetId, limit: GROUP_MOST, trashed: true });
  await lockGroups(scope, tx);
  const ids = found.map((one) => one.id);
  const groups = await listMemberships(scope, tx, { ids: [...ids, assetId], joining: assetId });
  const own = groups.find((one) => one.id === assetId);
  if (own !== undefined && (own.group === assetId || ids.includes(own.group)) && !own.isApart) return;
  if (own !== undefined) await leaveGroups(scope, tx, [assetId]);
  for (const id of ids) {
    const theirs = groups.find((one) => one.id === id);
    if (theirs === undefined) {
      await joinGroup(scope, tx, { group: id, ids: [id, assetId] });
      return;
    }
    if (takesIn(theirs, ids)) {
      await joinGroup(scope, tx, { group: theirs.group, ids: [assetId] });
      return;
    }
  }
}

function takesIn(group: Membership, alike: readonly string[]): boolean {
  if (group.isApart || group.size >= GROUP_MOST) return false;
  return !group.isLed || alike.includes(group.group);
}

import type { Input, Output } from '../contract/operations.ts';
import { COUNTED_MOST, measureFailed, measureUnused } from '../database/advisor.ts';
import type { Measured } from '../database/advisor.ts';
import { listGroups, listMembers, measureGroups } from '../database/duplicates.ts';
import { getBrandUsage, getWorkspaceUsage } from '../database/quota.ts';
import { listTrash } from '../database/trash.ts';
import type { BrandScope } from '../domain/access.ts';
import type { Asset } from '../domain/asset.ts';
import { bestOf } from '../domain/duplicates.ts';
import type { BrandTx } from '../database/database.ts';
import type { Deps } from './deps.ts';
import { presentCard } from './present.ts';

type Advice = Output<'advisor.get'>['classes'][number];

const TOP = 12;
const MONTHS = 3;
const MIN_SIZE = 1_000_000;

/** What could go, from the safest to what needs a look. Counts are bounded, so the answer is quick in any library. */
export async function adviseSpace(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
  input: Input<'advisor.get'>,
): Promise<Output<'advisor.get'>> {
  const months = input.months ?? MONTHS;
  const minSize = input.minSize ?? MIN_SIZE;
  const { usedBytes, quotaBytes } = await getWorkspaceUsage(database.workspace);
  const before = new Date();
  before.setUTCMonth(before.getUTCMonth() - months);
  const classes = await database.inBrand(scope, async (tx) => {
    const unused = await measureUnused(scope, tx, { minSize, before, top: TOP });
    const failed = await measureFailed(scope, tx, TOP);
    return [
      await adviseTrash(scope, tx),
      ...(await adviseDuplicates(scope, tx)),
      { key: 'failed' as const, ...counted(scope, failed), filter: { state: ['failed' as const] } },
      {
        key: 'unused' as const,
        ...counted(scope, unused),
        filter: { neverUsed: true, mustInclude: false, minSize, createdBefore: before.toISOString() },
      },
    ];
  });
  return {
    usedBytes,
    limitBytes: quotaBytes,
    months,
    minSize,
    classes: classes.filter((advice) => advice.count > 0),
  };
}

function counted(
  scope: BrandScope,
  measured: Measured,
): Pick<Advice, 'count' | 'isMore' | 'bytes' | 'items'> {
  return {
    count: measured.count,
    isMore: measured.count === COUNTED_MOST,
    bytes: measured.bytes,
    items: measured.items.map((asset) => presentCard(asset, { scope })),
  };
}

async function adviseTrash(scope: BrandScope, tx: BrandTx): Promise<Advice> {
  const { trashCount, trashBytes } = await getBrandUsage(scope, tx);
  const items = await listTrash(scope, tx, { after: undefined, limit: TOP });
  return {
    key: 'trash',
    ...counted(scope, { count: trashCount, bytes: trashBytes, items }),
    isMore: false,
    filter: null,
  };
}

async function adviseDuplicates(scope: BrandScope, tx: BrandTx): Promise<Advice[]> {
  const totals = await measureGroups(scope, tx);
  const list: Advice[] = [];
  for (const kind of ['exact', 'near'] as const) {
    const { assets, frees } = totals[kind];
    const groups = await listGroups(scope, tx, { kind, after: undefined, limit: TOP });
    const members = await listMembers(
      scope,
      tx,
      groups.map((group) => group.id),
    );
    const extra: Asset[] = groups.flatMap(({ id }) => {
      const own = members.filter((member) => member.group === id);
      return own.filter((member) => member.id !== bestOf(own)?.best.id);
    });
    list.push({
      key: kind,
      ...counted(scope, { count: assets, bytes: frees, items: extra.slice(0, TOP) }),
      isMore: false,
      filter: null,
    });
  }
  return list;
}

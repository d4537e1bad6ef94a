import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { Asset } from '../domain/asset.ts';
import { ASSET_COLUMNS } from './asset-columns.ts';
import type { BrandTx } from './database.ts';

/** Assets looked at for one class; more are told as "more than", so that no library makes the answer slow. */
export const COUNTED_MOST = 10_000;

export interface Measured {
  readonly count: number;
  readonly bytes: number;
  readonly items: readonly Asset[];
}

/** Live assets of at least a size that nothing uses and that have been there for a while, the largest first. */
export function measureUnused(
  scope: BrandScope,
  tx: BrandTx,
  which: { minSize: number; before: Date; top: number },
): Promise<Measured> {
  const wanted = sql`a.trashed_at is null and a.size_bytes >= ${which.minSize} and a.usage_count = 0
    and not a.must_include and a.created_at <= ${which.before}`;
  return measure(scope, tx, { wanted, top: which.top });
}

/** Live files that could not be read. */
export function measureFailed(scope: BrandScope, tx: BrandTx, top: number): Promise<Measured> {
  const wanted = sql`a.trashed_at is null and a.state_reason is not null and a.state = 'failed'`;
  return measure(scope, tx, { wanted, top });
}

async function measure(
  scope: BrandScope,
  tx: BrandTx,
  { wanted, top }: { wanted: RawBuilder<unknown>; top: number },
): Promise<Measured> {
  const found = sql`
    select a.* from asset a where a.brand_id = ${scope.brandId} and ${wanted}
    order by a.size_bytes desc, a.id desc`;
  const [totals, items] = await Promise.all([
    sql<{ count: number; bytes: number }>`
      select count(*) as count, coalesce(sum(total_bytes), 0)::bigint as bytes
      from (${found} limit ${COUNTED_MOST}) a`.execute(tx),
    sql<Asset>`select ${ASSET_COLUMNS} from (${found} limit ${top}) a`.execute(tx),
  ]);
  return { ...(totals.rows[0] ?? { count: 0, bytes: 0 }), items: items.rows };
}

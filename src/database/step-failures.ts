import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { StepFailure } from '../domain/runs.ts';
import type { BrandTx } from './database.ts';

/** An asset that a step left as it was. */
export interface FailedAsset {
  readonly id: string;
  readonly name: string;
  readonly reason: StepFailure;
}

export async function addFailure(
  scope: BrandScope,
  tx: BrandTx,
  failure: { operation: string; assetId: string; reason: StepFailure },
): Promise<void> {
  await sql`
    insert into step_failure (brand_id, operation_id, asset_id, reason)
    values (${scope.brandId}, ${failure.operation}::uuid, ${failure.assetId}, ${failure.reason})
    on conflict (brand_id, operation_id, asset_id) do update set reason = excluded.reason`.execute(tx);
}

export async function listFailures(
  scope: BrandScope,
  tx: BrandTx,
  page: { operation: string; after: string; limit: number },
): Promise<FailedAsset[]> {
  const { rows } = await sql<FailedAsset>`
    select f.asset_id as id, a.name, f.reason from step_failure f
    join asset a on a.brand_id = f.brand_id and a.id = f.asset_id
    where f.brand_id = ${scope.brandId} and f.operation_id = ${page.operation}::uuid and f.asset_id > ${page.after}
    order by f.asset_id limit ${page.limit}`.execute(tx);
  return rows;
}

/** Takes the next assets off the list, to try them again; those that fail again are put back on it. */
export async function takeFailures(
  scope: BrandScope,
  tx: BrandTx,
  page: { operation: string; after: string; limit: number },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    with next as materialized (
      select f.asset_id from step_failure f
      where f.brand_id = ${scope.brandId} and f.operation_id = ${page.operation}::uuid and f.asset_id > ${page.after}
      order by f.asset_id limit ${page.limit})
    delete from step_failure f
    where f.brand_id = ${scope.brandId} and f.operation_id = ${page.operation}::uuid
      and f.asset_id = any(array(select asset_id from next)) returning f.asset_id as id`.execute(tx);
  return rows.map((row) => row.id).toSorted();
}

import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';

/** A bulk change that was only counted so far. */
export async function insertPlan(
  scope: BrandScope,
  tx: BrandTx,
  plan: { id: string; request: object },
): Promise<void> {
  await sql`
    delete from bulk_plan where brand_id = ${scope.brandId} and created_at < now() - interval '1 day'`.execute(
    tx,
  );
  await sql`
    insert into bulk_plan (brand_id, id, request)
    values (${scope.brandId}, ${plan.id}, ${JSON.stringify(plan.request)})`.execute(tx);
}

/**
 * Uses up a plan: it is applied at most once. The request was validated when the plan was made. What a zip was chosen to
 * hold is kept beside the plans and is none.
 */
export async function takePlan<T extends object>(
  scope: BrandScope,
  tx: BrandTx,
  id: string,
): Promise<T | null> {
  const { rows } = await sql<{ request: T }>`
    delete from bulk_plan where brand_id = ${scope.brandId} and id = ${id} and not request ? 'zip'
    returning request`.execute(tx);
  return rows[0]?.request ?? null;
}

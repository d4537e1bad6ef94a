import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import { chosen, inSelection } from './selections.ts';
import type { Selection } from './selections.ts';
import type { BrandTx } from './database.ts';

export interface ZipRow {
  readonly name: string;
  readonly fileName: string;
  readonly storageKey: string;
  readonly sizeBytes: number;
  readonly createdAt: Date;
}

/** Current versions of a selection, the newest first; those whose bytes are known to be missing are left out. */
export async function listForZip(
  scope: BrandScope,
  tx: BrandTx,
  page: { selection: Selection; limit: number },
): Promise<ZipRow[]> {
  const { rows } = await sql<ZipRow>`
    ${chosen(scope, page.selection)}
    select a.name, v.file_name as "fileName", v.storage_key as "storageKey", v.size_bytes as "sizeBytes",
      v.created_at as "createdAt"
    from asset a join version v on v.brand_id = a.brand_id and v.asset_id = a.id and v.n = a.current_version
    where ${inSelection(scope, page.selection)} and a.state_reason is distinct from 'blob_missing'
    order by a.created_at desc, a.id limit ${page.limit}`.execute(tx);
  return rows;
}

/** What a zip was chosen to hold; unlike the plan of a change it may be asked for more than once. */
export async function findZip<T extends object>(
  scope: BrandScope,
  tx: BrandTx,
  id: string,
): Promise<T | null> {
  const { rows } = await sql<{ zip: T }>`
    select request -> 'zip' as zip from bulk_plan
    where brand_id = ${scope.brandId} and id = ${id} and request ? 'zip'
      and created_at > now() - interval '1 day'`.execute(tx);
  return rows[0]?.zip ?? null;
}

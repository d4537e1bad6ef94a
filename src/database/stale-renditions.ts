import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { MediaType } from '../domain/asset-types.ts';
import type { BrandTx } from './database.ts';

export interface RebuildQuery {
  readonly mediaType: MediaType | undefined;
  readonly tool: string | undefined;
  /** Tool → version: only pictures that another version of a known tool made. None: all. */
  readonly current: Readonly<Record<string, string>> | undefined;
}

/** Current versions whose pictures are to be made again, in the order of their ids, a thousand at a time. */
export async function versionsToRebuild(
  scope: BrandScope,
  tx: BrandTx,
  page: { query: RebuildQuery; after: string },
): Promise<{ assetId: string; n: number }[]> {
  const { mediaType, tool, current } = page.query;
  const known = current === undefined ? null : JSON.stringify(current);
  const { rows } = await sql<{ assetId: string; n: number }>`
    select a.id as "assetId", a.current_version as n from asset a
    where a.brand_id = ${scope.brandId} and a.id > ${page.after} and a.trashed_at is null and a.purging_at is null
      and (${mediaType ?? null}::text is null or a.media_type = ${mediaType ?? null})
      and (${tool ?? null}::text is null and ${known}::jsonb is null or exists (
        select from rendition r
        where r.brand_id = a.brand_id and r.asset_id = a.id and r.n = a.current_version and r.name <> 'proxy'
          and (${tool ?? null}::text is null or r.tool = ${tool ?? null})
          and (${known}::jsonb is null or ${known}::jsonb ->> r.tool <> r.tool_version)))
    order by a.id limit 1000`.execute(tx);
  return rows;
}

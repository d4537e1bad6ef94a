import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { BrandTx } from './database.ts';

export interface TagRow {
  readonly tag: string;
  readonly count: number;
}

/** More tags than this under one prefix are ranked among the first only. */
const RANKED = 5000;

/** Tags of live assets that begin with the prefix, the most used first. */
export async function listTags(
  scope: BrandScope,
  tx: BrandTx,
  page: { prefix: string; limit: number },
): Promise<TagRow[]> {
  const { prefix, limit } = page;
  // Bytes order: everything that begins with the prefix lies between it and the prefix with the last letter there is.
  const { rows } = await sql<TagRow>`
    select tag, n as count from (
      select tag, n from tag_count
      where brand_id = ${scope.brandId} and tag >= ${prefix} and tag < ${`${prefix}\u{10ffff}`} and n > 0
      order by tag limit ${RANKED}) t
    order by n desc, tag limit ${limit}`.execute(tx);
  return rows;
}

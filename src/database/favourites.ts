import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import { chosen, inSelection, isTextSelection } from './selections.ts';
import type { Selection } from './selections.ts';
import type { BrandTx } from './database.ts';

/** The mark itself belongs to whoever asks; the transaction knows who that is. */
export async function setFavourites(
  scope: BrandScope,
  tx: BrandTx,
  step: { selection: Selection; favourite: boolean; limit: number },
): Promise<string[]> {
  const { selection, favourite, limit } = step;
  const has = sql`exists (select 1 from favourite f
    where f.brand_id = ${scope.brandId} and f.actor_id = ${scope.actor.id} and f.asset_id = a.id)`;
  const found = sql`
    ${chosen(scope, selection, ',')} ${isTextSelection(selection) ? sql`` : sql`with`}
    found as materialized (
      select a.id from asset a where ${inSelection(scope, selection)} and ${favourite ? sql`not ${has}` : has}
      order by a.id limit ${limit} for key share)`;
  const { rows } = await (
    favourite
      ? sql<{ id: string }>`${found}
          insert into favourite (brand_id, actor_id, asset_id)
          select ${scope.brandId}, ${scope.actor.id}, found.id from found
          on conflict do nothing returning asset_id as id`
      : sql<{ id: string }>`${found}
          delete from favourite f using found
          where f.brand_id = ${scope.brandId} and f.actor_id = ${scope.actor.id} and f.asset_id = found.id
          returning f.asset_id as id`
  ).execute(tx);
  return rows.map((row) => row.id);
}

import type { Input, Output } from '../contract/operations.ts';
import { addEvent } from '../database/events.ts';
import { setFavourites } from '../database/favourites.ts';
import type { BrandScope } from '../domain/access.ts';
import { PORTION } from '../domain/runs.ts';
import { selectionOf } from './collection-members.ts';
import type { Deps } from './deps.ts';

/** A mark that only its owner sees, so it is no part of an asset's history; marking again takes it back. */
export async function setFavourite(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
  input: Input<'favourites.set'>,
): Promise<Output<'favourites.set'>> {
  const selection = selectionOf(input.select);
  let changed = 0;
  for (let more = true; more;) {
    const ids = await database.inBrand(scope, async (tx) => {
      const done = await setFavourites(scope, tx, { selection, favourite: input.favourite, limit: PORTION });
      const [assetId] = done;
      // The owner's other windows show the mark too.
      if (assetId !== undefined && done.length === 1) {
        await addEvent(scope, tx, { kind: 'asset.changed', assetId });
      } else if (done.length > 1) await addEvent(scope, tx, { kind: 'assets.changed' });
      return done;
    });
    changed += ids.length;
    more = ids.length === PORTION;
  }
  return { changed };
}

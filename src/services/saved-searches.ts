import type { Input, Output } from '../contract/operations.ts';
import { savedSearch } from '../contract/saved-searches.ts';
import type { SavedSearch } from '../contract/saved-searches.ts';
import {
  deleteSavedSearch,
  insertSavedSearch,
  listSavedSearches as selectSavedSearches,
  updateSavedSearch,
} from '../database/saved-searches.ts';
import type { SavedSearchRow } from '../database/saved-searches.ts';
import { pgError } from '../database/transaction.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { newToken } from '../domain/ids.ts';
import { cleanText } from '../domain/naming.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database'>;
/** A list that a sidebar shows whole. */
const MOST = 200;

export async function listSavedSearches(
  { database }: Db,
  scope: BrandScope,
): Promise<Output<'searches.list'>> {
  const rows = await database.inBrand(scope, (tx) => selectSavedSearches(scope, tx));
  return { items: rows.map(present) };
}

export async function createSavedSearch(
  { database }: Db,
  scope: BrandScope,
  input: Input<'searches.create'>,
): Promise<SavedSearch> {
  const { filter, sort = '-created', by = 'none' } = input;
  const name = cleanSearchName(input.name);
  return presentOrRefuse(() =>
    database.inBrand(scope, async (tx) => {
      if ((await selectSavedSearches(scope, tx)).length >= MOST) {
        throw new Failure('too_many', { message: `A brand may have at most ${MOST} saved searches.` });
      }
      return insertSavedSearch(scope, tx, { id: newToken(9), name, filter, sort, by });
    }),
  );
}

export async function changeSavedSearch(
  { database }: Db,
  scope: BrandScope,
  input: Input<'searches.update'>,
): Promise<SavedSearch> {
  const { b: _, name, ...rest } = input;
  const change = { ...rest, name: name === undefined ? undefined : cleanSearchName(name) };
  return presentOrRefuse(() => database.inBrand(scope, (tx) => updateSavedSearch(scope, tx, change)));
}

export async function removeSavedSearch(
  { database }: Db,
  scope: BrandScope,
  input: Input<'searches.delete'>,
): Promise<SavedSearch> {
  return presentOrRefuse(() => database.inBrand(scope, (tx) => deleteSavedSearch(scope, tx, input.id)));
}

function cleanSearchName(raw: string): string {
  const name = cleanText(raw);
  if (name === '') throw new Failure('bad_name', { message: 'A saved search needs a name.' });
  return name;
}

const UNIQUE_VIOLATION = '23505';

async function presentOrRefuse(work: () => Promise<SavedSearchRow | undefined>): Promise<SavedSearch> {
  const row = await work().catch((error: unknown) => {
    throw pgError(error)?.code === UNIQUE_VIOLATION
      ? new Failure('name_taken', { message: 'There is a saved search of this name already.', cause: error })
      : error;
  });
  if (row === undefined) throw new Failure('not_found');
  return present(row);
}

/** Read through the contract: what an older version of the program saved is checked before it leaves. */
function present(row: SavedSearchRow): SavedSearch {
  return savedSearch.parse({
    ...row,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  });
}

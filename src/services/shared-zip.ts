import { ZIP_FILES_MAX } from '../contract/zips.ts';
import { listForZip } from '../database/zips.ts';
import { Failure } from '../domain/failures.ts';
import { archiveName } from '../domain/zip-names.ts';
import type { Deps } from './deps.ts';
import type { OpenShare } from './shared.ts';
import { entriesOf, packed } from './zips.ts';
import type { OpenZip } from './zips.ts';

/**
 * The members that a link shows at this moment as one archive. `again` looks at the link anew: what is closed while the
 * archive is sent hands out no further file.
 */
export async function openSharedZip(
  { database, store }: Pick<Deps, 'database' | 'store'>,
  { scope, share }: OpenShare,
  again: () => Promise<unknown>,
): Promise<OpenZip> {
  if (!share.allowDownload) throw new Failure('no_download');
  const { collectionId, assetId } = share;
  const selection =
    collectionId === null
      ? { ids: assetId === null ? [] : [assetId] }
      : { query: { collection: [collectionId] }, except: [] };
  const rows = await database.inBrand(scope, (tx) =>
    listForZip(scope, tx, { selection, limit: ZIP_FILES_MAX + 1 }),
  );
  if (rows.length === 0) throw new Failure('share_gone');
  if (rows.length > ZIP_FILES_MAX) {
    throw new Failure('too_many', {
      message: `A zip holds at most ${ZIP_FILES_MAX.toLocaleString('en')} files, and this link shows more.`,
      remedy: 'Take the files one by one, or ask whoever sent it to share them in parts.',
    });
  }
  const entries = entriesOf(rows, store).map((entry) => ({
    ...entry,
    open: async () => {
      await again();
      return entry.open();
    },
  }));
  return packed(archiveName(share.name, 'all.zip'), entries);
}

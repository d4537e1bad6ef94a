import { Readable } from 'node:stream';
import type { Input, Output } from '../contract/operations.ts';
import { API_BASE } from '../contract/routes.ts';
import { ZIP_FILES_MAX } from '../contract/zips.ts';
import type { Selection } from '../database/selections.ts';
import { insertPlan } from '../database/plans.ts';
import { findZip, listForZip } from '../database/zips.ts';
import type { ZipRow } from '../database/zips.ts';
import type { BrandScope } from '../domain/access.ts';
import { Failure } from '../domain/failures.ts';
import { newToken } from '../domain/ids.ts';
import { UniqueNames, archiveName } from '../domain/zip-names.ts';
import { zipBytes, zipLength } from '../platform/zip.ts';
import type { ZipEntry } from '../platform/zip.ts';
import { selectionOf } from './collection-members.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database'>;

interface Chosen {
  readonly selection: Selection;
  readonly fileName: string;
}

/** Notes what to pack, counted exactly; a browser can then fetch the archive by a plain address, however large. */
export async function createZip(
  { database }: Db,
  scope: BrandScope,
  input: Input<'zips.create'>,
): Promise<Output<'zips.create'>> {
  const selection = selectionOf(input.select);
  const id = newToken();
  return database.inBrand(scope, async (tx) => {
    const rows = await listForZip(scope, tx, { selection, limit: ZIP_FILES_MAX + 1 });
    if (rows.length === 0)
      throw new Failure('not_found', { message: 'None of these assets has a file here.' });
    if (rows.length > ZIP_FILES_MAX) {
      throw new Failure('too_many', {
        message: `A zip holds at most ${ZIP_FILES_MAX.toLocaleString('en')} files.`,
        remedy: 'Narrow the selection and take it in several.',
      });
    }
    const fileName = `backlot-${new Date().toISOString().slice(0, 10)}-${rows.length}.zip`;
    const zip: Chosen = { selection, fileName };
    await insertPlan(scope, tx, { id, request: { zip } });
    return {
      id,
      count: rows.length,
      bytes: rows.reduce((sum, row) => sum + row.sizeBytes, 0),
      fileName,
      path: `${API_BASE}/brands/${scope.brandId}/zips/${id}`,
    };
  });
}

export interface OpenZip {
  readonly fileName: string;
  readonly length: number;
  /** Reads the files one after another; destroying it closes the one that is open. */
  read(): Readable;
}

/** The archive as the library is now: what was purged since it was chosen is not in it. */
export async function openZip(
  { database, store }: Pick<Deps, 'database' | 'store'>,
  scope: BrandScope,
  input: { id: string },
): Promise<OpenZip> {
  const { rows, fileName } = await database.inBrand(scope, async (tx) => {
    const zip = await findZip<Chosen>(scope, tx, input.id);
    if (zip === null) throw new Failure('not_found');
    const { selection } = zip;
    return { rows: await listForZip(scope, tx, { selection, limit: ZIP_FILES_MAX }), fileName: zip.fileName };
  });
  return packed(fileName, entriesOf(rows, store));
}

/** An archive of files that are opened one after another while it is sent. */
export function packed(fileName: string, entries: readonly ZipEntry[]): OpenZip {
  return {
    fileName,
    length: zipLength(entries),
    read: () => Readable.from(zipBytes(entries), { objectMode: false }),
  };
}

export function entriesOf(rows: readonly ZipRow[], store: Deps['store']): ZipEntry[] {
  const names = new UniqueNames();
  return rows.map((row) => ({
    name: names.add(archiveName(row.name, row.fileName)),
    size: row.sizeBytes,
    modified: row.createdAt,
    open: () => store.read(row.storageKey),
  }));
}

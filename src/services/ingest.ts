import { getVersion, listRenditions } from '../database/versions.ts';
import type { NewRendition, Version } from '../database/versions.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import { newToken } from '../domain/ids.ts';
import type { JobPayloads } from '../domain/jobs.ts';
import type { Description } from '../media/contract.ts';
import { withTempDir } from '../platform/temp-dir.ts';
import { KeyMissing } from '../storage/contract.ts';
import { renditionKey } from '../storage/keys.ts';
import type { Deps } from './deps.ts';
import { groupAlike } from './duplicate-groups.ts';
import { recordFinding, recordFirstLook } from './ingest-record.ts';
import { understandRecipe } from './recipe.ts';
import type { KeptBlock } from './recipe.ts';

type IngestDeps = Pick<Deps, 'database' | 'store' | 'decoder' | 'log'>;

/**
 * Understands one version: facts, pictures, state. The thumbnail shows as soon as it is made, the rest follows. Running
 * twice is harmless: findings are replaced as a whole, and pictures that nothing names any more are removed.
 */
export async function ingest(
  deps: IngestDeps,
  job: JobPayloads['ingest'],
  signal: AbortSignal,
): Promise<void> {
  const scope = enterBrandAsSystem(job.brandId);
  const known = await deps.database.inBrand(scope, async (tx) => {
    const version = await getVersion(scope, tx, { assetId: job.assetId, n: job.version });
    if (version === undefined) return undefined;
    return { version, before: await listRenditions(scope, tx, { assetId: job.assetId, n: job.version }) };
  });
  // Purged meanwhile: there is nothing left to understand.
  if (known === undefined) return;
  const { version } = known;
  const isFirst = known.before.length === 0;
  const { keep, written } = renditionKeeper(deps, { version, brandId: job.brandId, isFirst });

  await withTempDir('backlot-ingest', async (scratch) => {
    let firstLook: Promise<void> = Promise.resolve();
    const showFirst = async (first: Description) => {
      // Pictures of an earlier making serve until the new set is whole.
      const renditions = isFirst ? await keep(first.renditions) : known.before;
      await deps.database.inBrand(scope, (tx) =>
        recordFirstLook(scope, tx, { version, found: first, renditions, recipe: null }),
      );
    };
    const found = await look(deps, version, {
      scratch,
      signal,
      early: (first) => {
        firstLook = showFirst(first).catch((error: unknown) =>
          deps.log.warn('A first look was lost', { error }),
        );
      },
    });
    await firstLook;
    const { recipe, blocks } = await understandRecipe(deps, found.embedded ?? [], scratch);
    const renditions = await keep([...found.renditions, ...blocks]);
    const { stale, named } = await deps.database.inBrand(scope, (tx) =>
      recordFinding(scope, tx, { version, found, renditions, recipe }),
    );
    for (const key of new Set([...stale, ...written()])) if (!named.has(key)) await deps.store.remove(key);
  });
  await groupAlike(deps, scope, job.assetId);
}

async function look(
  deps: IngestDeps,
  version: Version,
  task: { scratch: string; signal: AbortSignal; early: (first: Description) => void },
): Promise<Description> {
  const { mime, ext, mediaType, sizeBytes: size } = version;
  try {
    const file = await deps.store.localFile(version.storageKey);
    try {
      const source = { path: file.path, size, detected: { mime, ext, mediaType } };
      return await deps.decoder.describeInSteps({ ...task, source });
    } finally {
      await file.release();
    }
  } catch (error) {
    if (!(error instanceof KeyMissing) || !(await deps.store.isAttached())) throw error;
    deps.log.error('The bytes of a version are missing', { asset: version.assetId, version: version.n });
    return {
      state: 'failed',
      reason: 'blob_missing',
      message: 'The bytes of this file are missing from the storage. Restore them from a backup.',
      facts: {},
      renditions: [],
    };
  }
}

/** Stores pictures beside their version, each once in a run although the first look and the last both name it. */
function renditionKeeper(
  deps: IngestDeps,
  of: { version: Version; brandId: string; isFirst: boolean },
): { keep: (made: readonly KeptBlock[]) => Promise<NewRendition[]>; written: () => string[] } {
  const { assetId, n, mediaType } = of.version;
  // A second making goes under fresh names: the first may be on its way to somebody's screen.
  const mark = of.isFirst ? '' : newToken(6).replaceAll(/[^A-Za-z0-9]/g, '');
  const done = new Map<string, NewRendition>();
  const keep = async (made: readonly KeptBlock[]) => {
    const kept: NewRendition[] = [];
    for (const one of made) {
      const before = done.get(one.path);
      if (before !== undefined) {
        kept.push(before);
        continue;
      }
      const storageKey = renditionKey(
        { brandId: of.brandId, mediaType, assetId, n },
        { name: one.name, ext: one.ext, mark },
      );
      const sizeBytes = await deps.store.put(storageKey, { path: one.path });
      const { name, mime, tool, toolVersion, width = null, height = null } = one;
      const row = { name, storageKey, mime, sizeBytes, width, height, tool, toolVersion };
      done.set(one.path, row);
      kept.push(row);
    }
    return kept;
  };
  return { keep, written: () => [...done.values()].map((row) => row.storageKey) };
}

import { addEvent } from '../database/events.ts';
import { addRenditions, getRendition, getVersion } from '../database/versions.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import { newToken } from '../domain/ids.ts';
import type { JobPayloads } from '../domain/jobs.ts';
import type { Description } from '../media/contract.ts';
import { withTempDir } from '../platform/temp-dir.ts';
import { KeyMissing } from '../storage/contract.ts';
import { renditionKey } from '../storage/keys.ts';
import type { Deps } from './deps.ts';

/** Milliseconds that a second of film may take, and those for starting. */
const PER_SECOND = 2000;
const START = 60_000;

/**
 * Makes the small film of one version. Running twice is harmless: one that is there stays, and of two the second is
 * removed again. A film that cannot be made is given up, since it would fail again.
 */
export async function makeProxy(
  deps: Pick<Deps, 'database' | 'store' | 'decoder' | 'log'>,
  job: JobPayloads['proxy'],
  signal: AbortSignal,
): Promise<void> {
  const scope = enterBrandAsSystem(job.brandId);
  const which = { assetId: job.assetId, n: job.version };
  const version = await deps.database.inBrand(scope, async (tx) => {
    const made = await getRendition(scope, tx, { ...which, name: 'proxy' });
    return made === undefined ? getVersion(scope, tx, which) : undefined;
  });
  if (version === undefined) return;
  const { mime, ext, mediaType, sizeBytes: size } = version;
  await withTempDir('backlot-proxy', async (scratch) => {
    let found: Description;
    try {
      const file = await deps.store.localFile(version.storageKey);
      try {
        const source = { path: file.path, size, detected: { mime, ext, mediaType } };
        const deadline = START + PER_SECOND * (version.duration ?? 0);
        found = await deps.decoder.describeInSteps({ source, scratch, signal, make: 'proxy', deadline });
      } finally {
        await file.release();
      }
    } catch (error) {
      if (error instanceof KeyMissing && (await deps.store.isAttached())) return;
      throw error;
    }
    if (found.reason === 'stopped') throw new Error('The server stopped while a film was made smaller.');
    const [made] = found.renditions;
    if (made === undefined) {
      deps.log.warn('No browser copy could be made', { asset: job.assetId, reason: found.reason });
      return;
    }
    const mark = newToken(6).replaceAll(/[^A-Za-z0-9]/g, '');
    const place = { brandId: job.brandId, mediaType, ...which };
    const storageKey = renditionKey(place, { name: made.name, ext: made.ext, mark });
    const sizeBytes = await deps.store.put(storageKey, { path: made.path });
    const { name, mime: madeMime, tool, toolVersion } = made;
    const row = { name, storageKey, mime: madeMime, sizeBytes, width: null, height: null, tool, toolVersion };
    const kept = await deps.database.inBrand(scope, async (tx) => {
      // Purged meanwhile: nothing would name the film.
      if ((await getVersion(scope, tx, which)) === undefined) return false;
      await addRenditions(scope, tx, { ...which, renditions: [row] });
      await addEvent(scope, tx, { kind: 'asset.changed', assetId: job.assetId });
      const now = await getRendition(scope, tx, { ...which, name });
      return now?.storageKey === storageKey;
    });
    if (!kept) await deps.store.remove(storageKey);
  });
}

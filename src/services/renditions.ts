import { addJob, ingestKey } from '../database/jobs.ts';
import { versionsToRebuild } from '../database/stale-renditions.ts';
import type { RebuildQuery } from '../database/stale-renditions.ts';
import { listBrands } from '../database/workspace.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { MediaType } from '../domain/asset-types.ts';
import { JOB_PRIORITY } from '../domain/jobs.ts';
import { currentVersions } from '../media/tool-versions.ts';
import type { Deps } from './deps.ts';

export interface Rebuild {
  readonly mediaType?: MediaType | undefined;
  readonly tool?: string | undefined;
  /** Only what an older or other version of its tool made. */
  readonly olderThanTool: boolean;
}

/**
 * Has the files of every brand read again, so that their pictures come from the tools of today; answers how many.
 * The old pictures serve until the new ones are there, and files that arrive meanwhile come first.
 */
export async function rebuildRenditions(
  deps: Pick<Deps, 'database' | 'capabilities'>,
  rebuild: Rebuild,
): Promise<number> {
  const query: RebuildQuery = {
    mediaType: rebuild.mediaType,
    tool: rebuild.tool,
    current: rebuild.olderThanTool ? await currentVersions(await outsideVersions(deps)) : undefined,
  };
  let count = 0;
  for (const brand of await listBrands(deps.database.workspace)) {
    const scope = enterBrandAsSystem(brand.id);
    for (let after: string | undefined = ''; after !== undefined;) {
      const from: string = after;
      const found = await deps.database.inBrand(scope, async (tx) => {
        const versions = await versionsToRebuild(scope, tx, { query, after: from });
        for (const { assetId, n } of versions) {
          const payload = { brandId: brand.id, assetId, version: n };
          const priority = JOB_PRIORITY.ingest + 10;
          await addJob(tx, { name: 'ingest', payload, key: ingestKey(assetId, n), priority });
        }
        return versions;
      });
      count += found.length;
      after = found.at(-1)?.assetId;
    }
  }
  return count;
}

/** A rendition keeps its tool under the name that the capability has. */
async function outsideVersions(deps: Pick<Deps, 'capabilities'>): Promise<Record<string, string>> {
  const found = await deps.capabilities();
  return Object.fromEntries(
    found.flatMap(({ name, version, available }) =>
      available && version !== undefined && name !== 'sharp' ? [[name, version] as const] : [],
    ),
  );
}

import { createHash, randomUUID } from 'node:crypto';
import { insertArrival } from '../../src/database/arrivals.ts';
import type { NewAsset } from '../../src/database/assets.ts';
import type { Database } from '../../src/database/database.ts';
import { createBrand } from '../../src/database/workspace.ts';
import { enterBrandAsSystem } from '../../src/domain/access.ts';
import type { BrandScope } from '../../src/domain/access.ts';
import { newAssetId } from '../../src/domain/ids.ts';

export async function makeBrand(database: Database, slug: string): Promise<BrandScope> {
  const brand = await createBrand(database.workspace, slug, slug);
  if (brand === null) throw new Error(`The brand ${slug} is there already.`);
  return enterBrandAsSystem(brand.id);
}

/** Rows of assets without any bytes behind them, for tests of the database alone. Answers their ids. */
export async function addRows(
  database: Database,
  scope: BrandScope,
  names: readonly string[],
): Promise<string[]> {
  const ids: string[] = [];
  for (const name of names) {
    const id = newAssetId();
    await database.inBrand(scope, async (tx) => {
      const asset = plainAsset(id, name);
      await insertArrival(scope, tx, {
        asset,
        version: {
          assetId: id,
          n: 1,
          storageKey: `${scope.brandId}/assets/document/${id}_v1.txt`,
          sha256: asset.sha256,
          sizeBytes: asset.sizeBytes,
          mime: asset.mime,
          mediaType: asset.mediaType,
          ext: 'txt',
          fileName: asset.fileName,
          declaredType: '',
          createdBy: 'Test',
        },
        operation: { id: randomUUID(), kind: 'uploads.add', summary: name, undoable: false },
      });
    });
    ids.push(id);
  }
  return ids;
}

function plainAsset(id: string, name: string): NewAsset {
  return {
    id,
    name,
    fileName: `${name}.txt`,
    type: 'document',
    mediaType: 'document',
    source: 'uploaded',
    description: '',
    sceneHint: '',
    tags: ['shared'],
    mustInclude: false,
    product: '',
    campaign: '',
    mime: 'text/plain',
    sizeBytes: 100,
    sha256: createHash('sha256').update(id).digest(),
    createdBy: 'Test',
    provenance: {},
  };
}

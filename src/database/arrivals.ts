import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { AssetInFull } from '../domain/asset.ts';
import { assetInsert, searchRowInsert } from './assets.ts';
import type { NewAsset } from './assets.ts';
import type { BrandTx } from './database.ts';
import { eventInsert, notifyBrand } from './events.ts';
import { jobCall, ingestKey } from './jobs.ts';
import { changeInsert, operationInsert } from './operations.ts';
import type { NewOperation } from './operations.ts';
import { versionInsert } from './versions.ts';
import type { NewVersion } from './versions.ts';

export interface Arrival {
  readonly asset: NewAsset;
  readonly version: NewVersion;
  readonly operation: NewOperation & { readonly id: string };
}

/**
 * Everything that makes an asset, as one statement instead of eight. The counters that all writers share are locked by
 * its triggers, which run when the rest is done; a reservation is settled after it, never before, since everybody locks
 * the workspace's counter last.
 */
export async function insertArrival(scope: BrandScope, tx: BrandTx, arrival: Arrival): Promise<AssetInFull> {
  const { asset, version, operation } = arrival;
  const after = { name: asset.name, type: asset.type, source: asset.source, file_name: asset.fileName };
  const change = { operation: operation.id, assetId: asset.id, before: {}, after };
  const payload = { brandId: scope.brandId, assetId: asset.id, version: version.n };
  const { rows } = await sql<AssetInFull>`
    with made_version as (${versionInsert(scope, version)}),
      made_search as (${searchRowInsert(scope, asset)}),
      made_operation as (${operationInsert(scope, operation)}),
      made_change as (${changeInsert(scope, change)}),
      made_event as (${eventInsert(scope, { kind: 'asset.added', assetId: asset.id })})
    ${assetInsert(scope, asset)}, ${jobCall({ name: 'ingest', payload, key: ingestKey(asset.id, version.n) })}, ${notifyBrand(scope)}`.execute(
    tx,
  );
  const row = rows[0];
  if (row === undefined) throw new Error('The asset was not written.');
  return row;
}

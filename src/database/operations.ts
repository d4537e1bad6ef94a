import { sql } from 'kysely';
import type { RawBuilder } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { RunState } from '../domain/runs.ts';
import type { BrandTx } from './database.ts';

export interface OperationRow {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
  readonly actorName: string;
  readonly at: Date;
  readonly changed: number;
  readonly undoable: boolean;
  readonly undoneAt: Date | null;
  /** The collection that the step concerned, when it was one of members. */
  readonly collectionId: string | null;
  readonly state: RunState;
  /** Assets that a step in portions means in all; 0 for a step of one transaction. */
  readonly total: number;
  readonly skipped: number;
  /** Assets that the step left as they were since they could not take the change. */
  readonly failed: number;
}

const OPERATION = sql`o.id, o.kind, o.summary, o.actor_name as "actorName", o.at, o.changed, o.undoable,
  o.undone_at as "undoneAt", o.collection_id as "collectionId", o.state, o.total, o.skipped,
  (select count(*) from step_failure f where f.brand_id = o.brand_id and f.operation_id = o.id) as failed`;

export interface NewOperation {
  readonly id?: string;
  readonly kind: string;
  readonly summary: string;
  readonly undoable: boolean;
  readonly undoOf?: string;
  readonly changed?: number;
  readonly collectionId?: string | null;
  /** A step that runs in portions means so many assets. */
  readonly total?: number;
  /** What the step does, for its portions and its undo. */
  readonly request?: object;
}

/** The insert alone, to travel inside a larger statement. */
export function operationInsert(scope: BrandScope, operation: NewOperation): RawBuilder<{ id: string }> {
  return sql<{ id: string }>`
    insert into operation (brand_id, id, kind, summary, actor_id, actor_name, undoable, undo_of, changed, state, total, request,
      collection_id)
    values (${scope.brandId}, ${operation.id ?? sql`default`}, ${operation.kind}, ${operation.summary}, ${scope.actor.id}, ${scope.actor.name},
      ${operation.undoable}, ${operation.undoOf ?? null}, ${operation.changed ?? 0},
      ${operation.total === undefined ? 'done' : 'running'}, ${operation.total ?? 0},
      ${operation.request === undefined ? null : JSON.stringify(operation.request)}::jsonb,
      ${operation.collectionId ?? null}) returning id`;
}

/** Opens an entry of the journal; changes refer to it. */
export async function addOperation(scope: BrandScope, tx: BrandTx, operation: NewOperation): Promise<string> {
  const { rows } = await operationInsert(scope, operation).execute(tx);
  const row = rows[0];
  if (row === undefined) throw new Error('The journal entry was not written.');
  return row.id;
}

/** Notes afterwards what a step does, for those of its assets that are tried again. */
export async function keepRequest(
  scope: BrandScope,
  tx: BrandTx,
  step: { id: string; request: object },
): Promise<void> {
  await sql`
    update operation set request = ${JSON.stringify(step.request)}::jsonb
    where brand_id = ${scope.brandId} and id = ${step.id}::uuid`.execute(tx);
}

/** Takes back an entry under which nothing changed, in the transaction that wrote it. */
export async function dropOperation(scope: BrandScope, tx: BrandTx, id: string): Promise<void> {
  await sql`
    delete from operation where brand_id = ${scope.brandId} and id = ${id}::uuid and changed = 0`.execute(tx);
}

export async function addChanged(
  scope: BrandScope,
  tx: BrandTx,
  done: { operation: string; changed: number },
): Promise<void> {
  await sql`
    update operation set changed = changed + ${done.changed}
    where brand_id = ${scope.brandId} and id = ${done.operation}`.execute(tx);
}

export interface NewChange {
  readonly operation: string;
  readonly assetId: string;
  readonly before: object;
  readonly after: object;
}

/** The insert alone, to travel inside a larger statement. */
export function changeInsert(scope: BrandScope, change: NewChange): RawBuilder<unknown> {
  return sql`
    insert into asset_change (brand_id, operation_id, asset_id, before, after)
    values (${scope.brandId}, ${change.operation}, ${change.assetId}, ${JSON.stringify(change.before)},
      ${JSON.stringify(change.after)})`;
}

/** One asset's from → to where no table row changed by an edit: its arrival, a new version. */
export async function addChange(scope: BrandScope, tx: BrandTx, change: NewChange): Promise<void> {
  await changeInsert(scope, change).execute(tx);
}

/** As the primary key reads it; null, which no row has, when the text is no id at all. */
export function operationKey(id: string): RawBuilder<string | null> {
  return sql`${UUID.test(id) ? id : null}::uuid`;
}

const UUID = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/i;

export async function getOperation(
  scope: BrandScope,
  tx: BrandTx,
  id: string,
): Promise<OperationRow | undefined> {
  const { rows } = await sql<OperationRow>`
    select ${OPERATION} from operation o where o.brand_id = ${scope.brandId} and o.id = ${operationKey(id)}`.execute(
    tx,
  );
  return rows[0];
}

export async function listOperations(
  scope: BrandScope,
  tx: BrandTx,
  page: { after: readonly [string, string] | undefined; limit: number },
): Promise<OperationRow[]> {
  const keyset =
    page.after === undefined
      ? sql`true`
      : sql`(o.at, o.id) < (${page.after[0]}::timestamptz, ${page.after[1]}::uuid)`;
  const { rows } = await sql<OperationRow>`
    select ${OPERATION} from operation o where o.brand_id = ${scope.brandId} and ${keyset}
    order by o.at desc, o.id desc limit ${page.limit}`.execute(tx);
  return rows;
}

export interface ChangeRow {
  readonly operation: string;
  readonly kind: string;
  readonly actor: string;
  readonly at: Date;
  readonly changed: number;
  readonly undoable: boolean;
  readonly before: Readonly<Record<string, unknown>>;
  readonly after: Readonly<Record<string, unknown>>;
}

export async function listChanges(
  scope: BrandScope,
  tx: BrandTx,
  page: { assetId: string; after: readonly [string, string] | undefined; limit: number },
): Promise<ChangeRow[]> {
  const keyset =
    page.after === undefined
      ? sql`true`
      : sql`(c.at, c.operation_id) < (${page.after[0]}::timestamptz, ${page.after[1]}::uuid)`;
  const { rows } = await sql<ChangeRow>`
    select c.operation_id as operation, o.kind, o.actor_name as actor, c.at, o.changed,
      o.undoable and o.undone_at is null as undoable, c.before, c.after
    from asset_change c join operation o on o.brand_id = c.brand_id and o.id = c.operation_id
    where c.brand_id = ${scope.brandId} and c.asset_id = ${page.assetId} and ${keyset}
    order by c.at desc, c.operation_id desc limit ${page.limit}`.execute(tx);
  return rows;
}

/** Assets that an operation changed, in the order of their ids, two hundred at a time. */
export async function changedAssets(
  scope: BrandScope,
  tx: BrandTx,
  page: { operation: string; after: string },
): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select asset_id as id from asset_change
    where brand_id = ${scope.brandId} and operation_id = ${page.operation}::uuid and asset_id > ${page.after}
    order by asset_id limit 200`.execute(tx);
  return rows.map((row) => row.id);
}

export interface UseRow {
  readonly id: string;
  readonly production: string;
  readonly scene: string;
  readonly hint: string;
  readonly version: number | null;
  readonly at: Date;
}

export async function listUses(scope: BrandScope, tx: BrandTx, assetId: string): Promise<UseRow[]> {
  const { rows } = await sql<UseRow>`
    select id, production, scene, hint, version, used_at as at from asset_use
    where brand_id = ${scope.brandId} and asset_id = ${assetId} order by used_at desc limit 500`.execute(tx);
  return rows;
}

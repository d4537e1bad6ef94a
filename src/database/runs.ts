import { sql } from 'kysely';
import type { BrandScope } from '../domain/access.ts';
import type { RunState } from '../domain/runs.ts';
import type { BrandTx } from './database.ts';
import { operationKey } from './operations.ts';

/** A step in portions, as far as it has come. */
export interface Run {
  readonly id: string;
  readonly kind: string;
  readonly summary: string;
  readonly state: RunState;
  readonly changed: number;
  readonly skipped: number;
  readonly undoable: boolean;
  readonly undone: boolean;
  /** The operation that this one undoes. */
  readonly undoOf: string | null;
  readonly collectionId: string | null;
  /** The undo of this one, begun or done. */
  readonly undoneBy: string | null;
  /** The last asset dealt with. */
  readonly reached: string;
  readonly request: unknown;
  readonly at: Date;
}

/**
 * Holds a step for one portion, its undo or its cancel; others who want the same wait for the transaction to end. Its
 * undo is looked up by a statement of its own, which sees what whoever held the step has done.
 */
export async function lockRun(scope: BrandScope, tx: BrandTx, id: string): Promise<Run | null> {
  const { rows } = await sql<Omit<Run, 'undoneBy'>>`
    select o.id, o.kind, o.summary, o.state, o.changed, o.skipped, o.undoable, o.undone_at is not null as undone,
      o.undo_of as "undoOf",
      o.collection_id as "collectionId", o.reached, o.request, o.at
    from operation o where o.brand_id = ${scope.brandId} and o.id = ${operationKey(id)} for update`.execute(
    tx,
  );
  const run = rows[0];
  if (run === undefined) return null;
  const undo = await sql<{ id: string }>`
    select u.id from operation u where u.brand_id = ${scope.brandId} and u.undo_of = ${run.id}::uuid`.execute(
    tx,
  );
  return { ...run, undoneBy: undo.rows[0]?.id ?? null };
}

/** Notes what a portion has done, in the transaction that did it. */
export async function advanceRun(
  scope: BrandScope,
  tx: BrandTx,
  step: { id: string; changed: number; skipped: number; reached: string; state: RunState },
): Promise<void> {
  await sql`
    update operation set changed = changed + ${step.changed}, skipped = skipped + ${step.skipped},
      reached = greatest(reached, ${step.reached}), state = ${step.state}
    where brand_id = ${scope.brandId} and id = ${step.id}::uuid`.execute(tx);
}

export async function setRunState(
  scope: BrandScope,
  tx: BrandTx,
  step: { id: string; state: RunState },
): Promise<void> {
  await sql`
    update operation set state = ${step.state}
    where brand_id = ${scope.brandId} and id = ${step.id}::uuid`.execute(tx);
}

/** Begins a step once more, from its first failure on: its request says from now on that only these are meant. */
export async function restartRun(scope: BrandScope, tx: BrandTx, id: string): Promise<void> {
  await sql`
    update operation set state = 'running', reached = '', request = request || '{"again": true}'
    where brand_id = ${scope.brandId} and id = ${id}::uuid`.execute(tx);
}

/** An operation counts as undone with the last portion of its undo. */
export async function markUndone(scope: BrandScope, tx: BrandTx, id: string): Promise<void> {
  await sql`
    update operation set undone_at = now() where brand_id = ${scope.brandId} and id = ${id}::uuid`.execute(
    tx,
  );
}

/** Steps that should be running; their jobs may have been lost with a worker. */
export async function runningSteps(scope: BrandScope, tx: BrandTx): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from operation where brand_id = ${scope.brandId} and state = 'running'
    order by at limit 1000`.execute(tx);
  return rows.map((row) => row.id);
}

import { getWorkspace, setPlan } from '../database/workspace.ts';
import type { Plan } from '../domain/quota.ts';
import type { Deps } from './deps.ts';

type Db = Pick<Deps, 'database'>;

/** What to change of a plan; the rest stays. Sizes in bytes. */
export interface PlanChange {
  readonly quotaBytes?: number;
  readonly capBytes?: Partial<Plan['capBytes']>;
  readonly trashDays?: number;
}

export async function getPlan({ database }: Db): Promise<Plan> {
  return (await getWorkspace(database.workspace)).plan;
}

/** Takes effect with the next upload, in every process; what is stored already stays, over the quota or not. */
export async function changePlan({ database }: Db, change: PlanChange): Promise<Plan> {
  return database.inWorkspace(async (tx) => {
    const { plan } = await getWorkspace(tx);
    const next = { ...plan, ...change, capBytes: { ...plan.capBytes, ...change.capBytes } };
    await setPlan(tx, next);
    return next;
  });
}

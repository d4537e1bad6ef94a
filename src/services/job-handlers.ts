import type { JobName, JobPayloads } from '../domain/jobs.ts';
import { enterBrandAsSystem } from '../domain/access.ts';
import type { Deps } from './deps.ts';
import { ingest } from './ingest.ts';
import { makeProxy } from './proxy.ts';
import { resumeSteps, runStep } from './runs.ts';
import { writeSidecar, writeSidecars } from './sidecar.ts';
import { reconcile, resumeJobs, retryWaiting, sweep } from './sweep.ts';
import { expireTrash, purgeClaimed } from './trash.ts';

type JobHandlers = {
  readonly [N in JobName]: (deps: Deps, payload: JobPayloads[N], signal: AbortSignal) => Promise<unknown>;
};

const HANDLERS: JobHandlers = {
  ingest,
  proxy: makeProxy,
  sidecar: writeSidecar,
  sidecars: writeSidecars,
  run: runStep,
  purge: (deps, payload) => purgeClaimed(deps, enterBrandAsSystem(payload.brandId)),
  expire: expireTrash,
  sweep: async (deps) => {
    await sweep(deps);
    await resumeJobs(deps);
    await resumeSteps(deps);
    await retryWaiting(deps);
  },
  reconcile: (deps) => reconcile(deps),
};

/** Every job by name, for the worker; payloads were written by `addJob`, whose types are the same table. */
export const JOBS = HANDLERS as Readonly<
  Record<JobName, (deps: Deps, payload: unknown, signal: AbortSignal) => Promise<unknown>>
>;

/** Every background job by name, with what it needs to know. A handler may run twice; each says why that is harmless. */
export interface JobPayloads {
  /** Understand one version: facts, renditions, state. */
  readonly ingest: { readonly brandId: string; readonly assetId: string; readonly version: number };
  /** Make a small film that every browser plays, for one that they do not. */
  readonly proxy: { readonly brandId: string; readonly assetId: string; readonly version: number };
  /** Write the metadata of one asset beside its bytes. */
  readonly sidecar: { readonly brandId: string; readonly assetId: string };
  /** Write the metadata of every asset that an operation changed, from the one after this on. */
  readonly sidecars: { readonly brandId: string; readonly operation: string; readonly after?: string };
  /** Work off a large step, portion by portion. */
  readonly run: { readonly brandId: string; readonly operation: string };
  /** Remove claimed trash from disk and database. */
  readonly purge: { readonly brandId: string };
  /** Trash whose days are over, in every brand (daily). */
  readonly expire: Record<string, never>;
  /** Unfinished uploads, lost reservations, leftovers in the temporary area, old events (every 10 minutes). */
  readonly sweep: Record<string, never>;
  /** Bytes that no row knows (daily). */
  readonly reconcile: Record<string, never>;
}
export type JobName = keyof JobPayloads;

/** Smaller runs first. */
export const JOB_PRIORITY: Readonly<Record<JobName, number>> = {
  // A person waits for it, and has already waited for the files before it.
  run: -5,
  ingest: 0,
  purge: 5,
  sidecar: 20,
  sidecars: 25,
  sweep: 30,
  expire: 30,
  reconcile: 40,
  proxy: 50,
};

/** Jobs that may take as long as a film or a library: they run one at a time, beside the others. */
export const SLOW_JOBS: ReadonlySet<JobName> = new Set(['proxy', 'sidecars']);

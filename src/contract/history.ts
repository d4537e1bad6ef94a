import { z } from 'zod';
import { RUN_STATES, STEP_FAILURES } from '../domain/runs.ts';
import type { StepFailure } from '../domain/runs.ts';
import { assetId, inBrand, onAsset, time } from './common.ts';

/** One journaled step: an edit, a bulk change, a trash or restore, an upload. */
export const operation = z.object({
  id: z.string(),
  kind: z.string().describe('Such as assets.update, assets.bulk, assets.trash, uploads.add'),
  summary: z.string(),
  actor: z.string(),
  at: time,
  changed: z.number().int(),
  undoable: z.boolean(),
  undoneAt: time.nullable(),
  state: z.enum(RUN_STATES).describe('Large steps run by themselves; all others are done'),
  total: z.number().int().describe('Assets that the step means; `changed` and `skipped` grow towards it'),
  skipped: z
    .number()
    .int()
    .describe('Left alone: changed by somebody since, or already as the step would have them'),
  failed: z
    .number()
    .int()
    .describe('Left as they were since they could not take the change; `operations.failures` lists them'),
});
export type Operation = z.infer<typeof operation>;

const change = z.object({
  operation: z.string(),
  kind: z.string(),
  actor: z.string(),
  at: time,
  changed: z.number().int().describe('Assets that the step changed'),
  undoable: z.boolean(),
  changes: z.array(z.object({ field: z.string(), from: z.unknown(), to: z.unknown() })),
});

const use = z.object({
  id: z.string(),
  production: z.string(),
  scene: z.string(),
  hint: z.string(),
  version: z.number().int().nullable().describe('Pinned version; null follows the current one'),
  at: time,
});

const page = { after: z.string().max(200).optional(), limit: z.number().int().min(1).max(200).optional() };

const onStep = { ...inBrand, id: z.string().max(100) };

export const historyOperations = {
  'assets.history': {
    summary: 'List the changes of one asset, newest first',
    input: z.strictObject({ ...onAsset, ...page }),
    output: z.object({ items: z.array(change), next: z.string().nullable() }),
    verb: 'read',
  },
  'assets.uses': {
    summary: 'List the productions that use one asset',
    input: z.strictObject(onAsset),
    output: z.object({ items: z.array(use) }),
    verb: 'read',
  },
  'operations.list': {
    summary: 'List the steps taken in a brand, newest first',
    input: z.strictObject({ ...inBrand, ...page }),
    output: z.object({ items: z.array(operation), next: z.string().nullable() }),
    verb: 'read',
  },
  'operations.get': {
    summary: 'Read one step: how far it has come and whether it can be undone',
    input: z.strictObject(onStep),
    output: operation,
    verb: 'read',
  },
  'operations.undo': {
    summary: 'Undo one step, as far as nobody has changed its assets since',
    input: z.strictObject(onStep),
    output: z.object({
      operation: z.string(),
      changed: z.number().int(),
      skipped: z.number().int(),
      done: z.boolean().describe('False while a large undo goes on; `operations.get` tells how far it is'),
    }),
    verb: 'write',
  },
  'operations.cancel': {
    summary: 'Stop a running step; what is done stays and can be undone',
    input: z.strictObject(onStep),
    output: operation,
    verb: 'write',
  },
  'operations.resume': {
    summary: 'Let a cancelled or failed step go on where it stopped',
    input: z.strictObject(onStep),
    output: operation,
    verb: 'write',
  },
  'operations.failures': {
    summary: 'List the assets that a step left as they were, and why',
    input: z.strictObject({ ...onStep, ...page }),
    output: z.object({
      items: z.array(
        z.object({
          id: assetId,
          name: z.string(),
          code: z.enum(Object.keys(STEP_FAILURES) as [StepFailure, ...StepFailure[]]),
          message: z.string().describe('Why, and what to do'),
        }),
      ),
      next: z.string().nullable(),
    }),
    verb: 'read',
  },
  'operations.retry': {
    summary: 'Try only those assets again that a step left as they were',
    input: z.strictObject(onStep),
    output: operation,
    verb: 'write',
  },
} as const;

import { useCallback, useEffect, useState } from 'react';
import type { AssetChange, AssetDetail } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';

export type SaveState =
  | { readonly kind: 'saving' | 'saved' }
  | { readonly kind: 'failed'; readonly message: string; readonly again: () => void };

export type FieldName = keyof AssetChange;
export type SaveStates = Readonly<Partial<Record<FieldName, SaveState>>>;

const SAVED_MS = 2500;

/** Changes under way by asset, oldest first: they are sent one after another and shown at once. */
const lines = new Map<string, AssetChange[]>();
const turns = new Map<string, Promise<unknown>>();

/**
 * Saves a change at once on the page and then on the server; a refusal puts the former values back and rejects. An
 * answer never covers later changes of the same person that are still on their way.
 */
export async function saveAsset(b: string, id: string, change: AssetChange): Promise<void> {
  const place = `${b}/${id}`;
  const key = queryKeys.asset(b, id);
  const line = lines.get(place) ?? [];
  lines.set(place, line);
  line.push(change);
  await queryClient.cancelQueries({ queryKey: key, exact: true });
  const before = queryClient.getQueryData<AssetDetail>(key);
  show(b, id, change);
  const mine = (turns.get(place) ?? Promise.resolve())
    .catch(() => undefined)
    .then(() => client.call('assets.update', { b, id, ...change }));
  turns.set(place, mine);
  try {
    const answer = await mine;
    line.splice(line.indexOf(change), 1);
    queryClient.setQueryData<AssetDetail>(key, withChanges(answer, line));
    void queryClient.invalidateQueries({ queryKey: queryKeys.history(b, id) });
  } catch (error) {
    line.splice(line.indexOf(change), 1);
    if (before !== undefined) {
      const former = formerValues(before, change);
      queryClient.setQueryData<AssetDetail>(key, (old) => (old === undefined ? old : { ...old, ...former }));
    }
    throw error;
  }
}

function show(b: string, id: string, part: Partial<AssetDetail> | AssetChange): void {
  queryClient.setQueryData<AssetDetail>(queryKeys.asset(b, id), (old) =>
    old === undefined ? old : withChanges(old, [part]),
  );
}

function namesLocked(lock: NonNullable<AssetChange['lock']>): string[] {
  return Object.entries(lock).flatMap(([name, on]) => (on ? [name] : []));
}

/** The asset with changes laid over it; own fields are merged by name, as the server does. */
function withChanges(
  asset: AssetDetail,
  changes: readonly (Partial<AssetDetail> | AssetChange)[],
): AssetDetail {
  let shown = asset;
  for (const change of changes) {
    const custom = { ...shown.custom, ...change.custom };
    const kept = Object.entries(custom).filter((entry): entry is [string, string] => entry[1] !== null);
    const { lock = {}, ...said } = { lock: undefined, ...change };
    const locked = [...shown.locked.filter((name) => !(name in lock)), ...namesLocked(lock)];
    shown = Object.assign({}, shown, said, { custom: Object.fromEntries(kept), locked });
  }
  return shown;
}

function formerValues(before: AssetDetail, change: AssetChange): Partial<AssetDetail> {
  const isTouched = (name: string) => name in change || (name === 'locked' && change.lock !== undefined);
  return Object.fromEntries(Object.entries(before).filter(([name]) => isTouched(name)));
}

/** Saves fields of one asset and tells for each how it went. */
export function useSaver(b: string, id: string): { save: (change: AssetChange) => void; states: SaveStates } {
  const [states, setStates] = useState<SaveStates>({});
  useEffect(() => setStates({}), [b, id]);
  const save = useCallback(
    (change: AssetChange) => {
      const names = namesOf(change);
      const mark = (state: SaveState | undefined) =>
        setStates((old) => ({ ...old, ...Object.fromEntries(names.map((name) => [name, state])) }));
      mark({ kind: 'saving' });
      const run = async () => {
        try {
          await saveAsset(b, id, change);
          mark({ kind: 'saved' });
          setTimeout(() => setStates((old) => withoutSaved(old, names)), SAVED_MS);
        } catch (error) {
          mark({ kind: 'failed', message: explain(error), again: () => save(change) });
        }
      };
      void run();
    },
    [b, id],
  );
  return { save, states };
}

function namesOf(change: AssetChange): FieldName[] {
  return Object.keys(change).filter((name): name is FieldName => name in change);
}

function withoutSaved(states: SaveStates, names: readonly FieldName[]): SaveStates {
  const left = { ...states };
  for (const name of names) if (left[name]?.kind === 'saved') delete left[name];
  return left;
}

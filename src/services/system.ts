import type { Output } from '../contract/operations.ts';
import { getWorkspace } from '../database/workspace.ts';
import type { Deps } from './deps.ts';

export async function listCapabilities(
  deps: Pick<Deps, 'capabilities' | 'version'>,
): Promise<Output<'system.capabilities'>> {
  const items = await deps.capabilities();
  return {
    version: deps.version,
    items: items.map((item) => ({
      name: item.name,
      available: item.available,
      version: item.version ?? null,
      gives: item.gives,
      remedy: item.remedy ?? null,
    })),
  };
}

/** Whether a request could be served now: the database answers and the storage is the right one. */
export async function isReady({ database, store }: Pick<Deps, 'database' | 'store'>): Promise<boolean> {
  const answers = await getWorkspace(database.workspace).then(
    () => true,
    () => false,
  );
  return answers && (await store.isAttached());
}

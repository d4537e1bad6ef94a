import type { Input, Output } from '../contract/operations.ts';
import { listTags as selectTags } from '../database/tags.ts';
import type { BrandScope } from '../domain/access.ts';
import { cleanTags } from '../domain/naming.ts';
import type { Deps } from './deps.ts';

const LIMIT = 20;

export async function listTags(
  { database }: Pick<Deps, 'database'>,
  scope: BrandScope,
  input: Input<'tags.list'>,
): Promise<Output<'tags.list'>> {
  // Tags are stored clean; letters that no tag can hold must not hide those that it has.
  const [prefix = ''] = cleanTags([input.prefix ?? '']);
  const items = await database.inBrand(scope, (tx) =>
    selectTags(scope, tx, { prefix, limit: input.limit ?? LIMIT }),
  );
  return { items };
}

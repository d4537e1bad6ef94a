import { brand, goods, people, surfaces } from './catalogue-things.ts';
import { copies, films, stills } from './catalogue-views.ts';
import { papers, sounds, tools } from './catalogue-works.ts';
import type { DemoItem } from './item.ts';

/**
 * Everything, pictures first since people look at those; films last since they take longest. Of `most` items each kind
 * gives one in turn, so that a small demo library is as varied as the whole.
 */
export function demoItems(most = Number.POSITIVE_INFINITY): DemoItem[] {
  const kinds = [
    brand(),
    goods(),
    stills(),
    copies(),
    people(),
    surfaces(),
    sounds(),
    papers(),
    tools(),
    films(),
  ];
  const turns = kinds.flatMap((items) => items.map((item, turn) => ({ item, turn })));
  const chosen = new Set(turns.toSorted((a, b) => a.turn - b.turn).slice(0, most));
  return turns.filter((one) => chosen.has(one)).map(({ item }) => item);
}

import { brand, goods, people, surfaces } from './catalogue-things.ts';
import { copies, films, stills } from './catalogue-views.ts';
import { papers, sounds, tools } from './catalogue-works.ts';
import type { DemoItem } from './item.ts';

/** Everything, pictures first since people look at those; films last since they take longest. */
export function demoItems(): DemoItem[] {
  return [
    ...brand(),
    ...goods(),
    ...stills(),
    ...copies(),
    ...people(),
    ...surfaces(),
    ...sounds(),
    ...papers(),
    ...tools(),
    ...films(),
  ];
}

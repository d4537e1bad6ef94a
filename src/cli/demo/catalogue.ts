import { brand, goods, people, surfaces } from './catalogue-things.ts';
import { copies, films, stills } from './catalogue-views.ts';
import { papers, sounds, tools } from './catalogue-works.ts';
import type { DemoItem } from './item.ts';

/** Multiples of it, without their whole part, fall as evenly as can be, in whatever number. */
const GOLDEN = 0.618_034;

/**
 * Everything, the kinds mixed as they are in a library that people fill from day to day. Of `most` items each kind gives
 * one in turn, so that a small demo library is as varied as the whole.
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
  const turns = kinds.flatMap((items, kind) =>
    items.map((item, turn) => ({ item, turn, place: (turn * GOLDEN + kind / kinds.length) % 1 })),
  );
  const chosen = new Set(turns.toSorted((a, b) => a.turn - b.turn).slice(0, most));
  return turns
    .filter((one) => chosen.has(one))
    .toSorted((a, b) => a.place - b.place)
    .map(({ item }) => item);
}

import type { GridLayout, Range } from './layout.ts';
import { groupOf } from './layout.ts';

/** Cards are read in blocks of this many, counted from the start of their group. */
export const BLOCK = 200;

export interface Block {
  readonly id: string;
  readonly group: string;
  /** First row, counted inside the group. */
  readonly offset: number;
  readonly limit: number;
  /** Index of its first card in the whole list. */
  readonly start: number;
}

function blockAt(layout: GridLayout, index: number): Block | undefined {
  const group = groupOf(layout, index);
  if (group === undefined || index < 0 || index >= layout.count) return undefined;
  const offset = Math.floor((index - group.start) / BLOCK) * BLOCK;
  return {
    id: `${group.key}:${offset}`,
    group: group.key,
    offset,
    limit: Math.min(BLOCK, group.count - offset),
    start: group.start + offset,
  };
}

/** The blocks that hold a range, in order. */
export function blocksFor(layout: GridLayout, range: Range): readonly Block[] {
  const blocks: Block[] = [];
  let index = Math.max(0, range.first);
  while (index <= range.last) {
    const block = blockAt(layout, index);
    if (block === undefined) break;
    blocks.push(block);
    index = block.start + block.limit;
  }
  return blocks;
}

/** Where a card is kept: the block's id and the place in it. */
export function placeOf(layout: GridLayout, index: number): { block: string; at: number } | undefined {
  const block = blockAt(layout, index);
  return block === undefined ? undefined : { block: block.id, at: index - block.start };
}

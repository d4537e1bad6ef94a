import type { AssetFilter } from '../../client/index.ts';
import type { Selection } from '../data/view.ts';

type Ids = Extract<Selection, { kind: 'ids' }>;

/** `group` is the key of the group that the card stands in. */
export function isSelected(selection: Selection, id: string, group: string): boolean {
  if (selection.kind === 'ids') return selection.ids.has(id);
  return (selection.group === null || selection.group === group) && !selection.except.has(id);
}

export function only(id: string): Ids {
  return { kind: 'ids', ids: new Set([id]) };
}

/** Adds or takes away one card. A card outside a selected group cannot be added to "all of the group": it starts anew. */
export function toggle(selection: Selection, id: string, group: string): Selection {
  if (selection.kind === 'ids') return { kind: 'ids', ids: flipped(selection.ids, id) };
  if (selection.group !== null && selection.group !== group) return only(id);
  return { ...selection, except: flipped(selection.except, id) };
}

function flipped(set: ReadonlySet<string>, id: string): ReadonlySet<string> {
  const next = new Set(set);
  if (!next.delete(id)) next.add(id);
  return next;
}

/** Adds many cards; from "all", takes them out of the exceptions. */
export function addAll(selection: Selection, ids: Iterable<string>): Selection {
  if (selection.kind === 'ids') return { kind: 'ids', ids: new Set([...selection.ids, ...ids]) };
  const except = new Set(selection.except);
  for (const id of ids) except.delete(id);
  return { ...selection, except };
}

export function removeAll(selection: Selection, ids: Iterable<string>): Selection {
  if (selection.kind === 'all') {
    return { ...selection, except: new Set([...selection.except, ...ids]) };
  }
  const left = new Set(selection.ids);
  for (const id of ids) left.delete(id);
  return { kind: 'ids', ids: left };
}

/** All that match, as the query itself; the browser never lists their ids. */
export function everything(filter: AssetFilter, matching: number, group: string | null = null): Selection {
  return { kind: 'all', filter, matching, group, except: new Set() };
}

export type BoxState = 'on' | 'some' | 'off';

export interface GroupBox {
  readonly key: string;
  readonly count: number;
  /** Ids of the group's cards that are loaded. */
  readonly loaded: readonly string[];
}

/** State of a group's box. Cards that are not loaded count as not selected by id. */
export function boxOf(selection: Selection, group: GroupBox): BoxState {
  if (selection.kind === 'all') {
    if (selection.group !== null && selection.group !== group.key) return 'off';
    return group.loaded.some((id) => selection.except.has(id)) ? 'some' : 'on';
  }
  if (selection.ids.size === 0) return 'off';
  const picked = group.loaded.filter((id) => selection.ids.has(id)).length;
  if (picked === 0) return 'off';
  return picked === group.count ? 'on' : 'some';
}

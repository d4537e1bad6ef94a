import type { Shortcut } from './registry.ts';

const SYMBOLS: Readonly<Record<string, string>> = {
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
  Mod: /Mac|iPhone|iPad/.test(globalThis.navigator?.userAgent ?? '') ? '⌘' : 'Ctrl',
  Escape: 'Esc',
  PageUp: 'Page up',
  PageDown: 'Page down',
};

/** The caps of a shortcut's first key, one after another. */
export function capsOf(shortcut: Pick<Shortcut, 'keys'>): readonly string[] {
  const first = typeof shortcut.keys === 'string' ? shortcut.keys : (shortcut.keys[0] ?? '');
  return first.split('+').map((part) => SYMBOLS[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}

const HEADS: readonly (readonly [prefix: string, title: string])[] = [
  ['grid.rate.', 'Rate'],
  ['grid.jump.', 'Jump in time'],
  ['grid.extend.', 'Select by moving'],
  ['grid.Arrow', 'Move'],
  ['grid.Page', 'Move'],
  ['grid.Home', 'Move'],
  ['grid.End', 'Move'],
  ['grid.', 'Cards'],
  ['detail', 'Details'],
  ['preview', 'Preview'],
];
export const ANYWHERE = 'Everywhere';

/** Under which heading a shortcut stands in the sheet. */
export function headOf({ id }: Pick<Shortcut, 'id'>): string {
  return HEADS.find(([prefix]) => id.startsWith(prefix))?.[1] ?? ANYWHERE;
}

/** Shortcuts under their headings, those of the whole page last; of one key and label only the first. */
export function grouped(list: readonly Shortcut[]): readonly (readonly [string, readonly Shortcut[]])[] {
  const groups = new Map<string, Shortcut[]>();
  const seen = new Set<string>();
  for (const shortcut of list) {
    const mark = `${shortcut.label}\n${capsOf(shortcut).join('+')}`;
    if (seen.has(mark)) continue;
    seen.add(mark);
    const head = headOf(shortcut);
    groups.set(head, [...(groups.get(head) ?? []), shortcut]);
  }
  return [...groups].toSorted(([a], [b]) => Number(a === ANYWHERE) - Number(b === ANYWHERE));
}

import { useEffect, useRef, useState } from 'react';

/** One shortcut: the handler, the palette and the "?" sheet all read it from the same place. */
export interface Shortcut {
  readonly id: string;
  /** Such as `Mod+a`, `Shift+ArrowDown`, `x`, `/`. `Mod` is Ctrl, or Cmd on a Mac. Alternatives in an array. */
  readonly keys: string | readonly string[];
  readonly label: string;
  readonly run: (event: KeyboardEvent) => void;
  /** Only then does it act and show up. */
  readonly when?: () => boolean;
  /** Moves the focus about: of use as a key only, so the palette leaves it out. */
  readonly isMove?: boolean;
}

const registered = new Set<readonly Shortcut[]>();
const watchers = new Set<() => void>();
let bound = false;

/** `Mod+Shift+k` of an event; Shift is told only for keys that print nothing. */
export function chordOf(
  event: Pick<KeyboardEvent, 'key' | 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey'>,
): string {
  const key = event.key === ' ' ? 'Space' : event.key;
  const named = key.length > 1;
  return [
    event.ctrlKey || event.metaKey ? 'Mod+' : '',
    event.altKey ? 'Alt+' : '',
    event.shiftKey && (named || event.ctrlKey || event.metaKey) ? 'Shift+' : '',
    named ? key : key.toLowerCase(),
  ].join('');
}

/** Controls that answer Space and Enter themselves, and those that use the arrows. */
const PRESSED =
  'button, a[href], summary, input, select, video, audio, [role=button], [role=checkbox], [role=switch]';
const STEERED =
  'input[type=range], [role=slider], [role=radiogroup], [role=tablist], [role=tree], video, audio';
const EDITABLE =
  'input:not([type=checkbox]):not([type=range]):not([type=radio]), textarea, select, [contenteditable=true]';

/** Shortcuts keep silent while somebody types and under dialogs, menus and lists that use the keys themselves. */
export function isSilent(target: EventTarget | null): boolean {
  if (!(target instanceof Element)) return false;
  if (target.closest(EDITABLE) !== null) return true;
  if (target.closest('[role=dialog], [role=alertdialog], [role=menu]') !== null) return true;
  return (
    document.querySelector('[role=alertdialog], [role=dialog][data-rac], .react-aria-ModalOverlay') !== null
  );
}

function keysOf(shortcut: Shortcut): readonly string[] {
  return typeof shortcut.keys === 'string' ? [shortcut.keys] : shortcut.keys;
}

/** Whether the control under the key makes something of it. */
function isTaken(target: EventTarget | null, key: string): boolean {
  if (!(target instanceof Element)) return false;
  if (key === 'Enter' || key === ' ') return target.closest(PRESSED) !== null;
  return /^(Arrow|Home|End|Page)/.test(key) && target.closest(STEERED) !== null;
}

/** Runs a registered shortcut as its key would, for buttons and the palette; false when it does not act now. */
export function runShortcut(id: string): boolean {
  for (const list of [...registered].reverse()) {
    const found = list.find((shortcut) => shortcut.id === id && shortcut.when?.() !== false);
    if (found === undefined) continue;
    found.run(new KeyboardEvent('keydown'));
    return true;
  }
  return false;
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing) return;
  if (isSilent(event.target) || isTaken(event.target, event.key)) return;
  const chord = chordOf(event);
  // The latest registered wins: a viewer over the grid answers before the grid.
  for (const list of [...registered].reverse()) {
    for (const shortcut of list) {
      if (!keysOf(shortcut).includes(chord) || shortcut.when?.() === false) continue;
      event.preventDefault();
      shortcut.run(event);
      return;
    }
  }
}

/** Registers shortcuts until the returned function is called. */
export function registerShortcuts(list: readonly Shortcut[]): () => void {
  if (!bound) {
    document.addEventListener('keydown', onKeyDown);
    bound = true;
  }
  registered.add(list);
  for (const watcher of watchers) watcher();
  return () => {
    registered.delete(list);
    for (const watcher of watchers) watcher();
  };
}

/** Shortcuts of a component while it is mounted. The list may be new on every render; ids and keys should not change. */
export function useShortcuts(list: readonly Shortcut[]): void {
  const latest = useRef(list);
  useEffect(() => {
    latest.current = list;
  });
  useEffect(
    () =>
      registerShortcuts(
        latest.current.map((shortcut) => ({
          ...shortcut,
          run: (event: KeyboardEvent) => latest.current.find(({ id }) => id === shortcut.id)?.run(event),
          when: () => latest.current.find(({ id }) => id === shortcut.id)?.when?.() ?? true,
        })),
      ),
    [],
  );
}

/** What can be done by key on this screen now, for the "?" sheet and the palette. */
export function useRegistered(): readonly Shortcut[] {
  const [list, setList] = useState<readonly Shortcut[]>([]);
  useEffect(() => {
    const read = () => setList([...registered].flat());
    read();
    watchers.add(read);
    return () => void watchers.delete(read);
  }, []);
  return list;
}

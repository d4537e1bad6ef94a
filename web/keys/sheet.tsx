import { create } from 'zustand';
import { Dialog } from '../ui/dialog.tsx';
import { useRegistered, useShortcuts } from './registry.ts';
import type { Shortcut } from './registry.ts';

const useSheet = create<{ readonly open: boolean }>()(() => ({ open: false }));

export function openShortcuts(): void {
  useSheet.setState({ open: true });
}

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

function parts(shortcut: Shortcut): readonly string[] {
  const first = typeof shortcut.keys === 'string' ? shortcut.keys : (shortcut.keys[0] ?? '');
  return first.split('+').map((part) => SYMBOLS[part] ?? (part.length === 1 ? part.toUpperCase() : part));
}

/** What can be done by key on this screen, read from the registry. */
export function ShortcutSheet() {
  const open = useSheet((state) => state.open);
  const shortcuts = useRegistered().filter((shortcut) => shortcut.when?.() !== false);
  useShortcuts([{ id: 'shortcuts', keys: '?', label: 'Show these shortcuts', run: openShortcuts }]);
  return (
    <Dialog title="Shortcuts" isOpen={open} wide onClose={() => useSheet.setState({ open: false })}>
      <dl className="grid grid-cols-2 gap-x-8 max-md:grid-cols-1">
        {shortcuts.map((shortcut) => (
          <div key={shortcut.id} className="flex h-8 items-center justify-between gap-4 border-b border-line">
            <dt className="truncate">{shortcut.label}</dt>
            <dd className="flex gap-1">
              {parts(shortcut).map((part) => (
                <kbd key={part} className="rounded-sm border border-edge px-1.5 text-label">
                  {part}
                </kbd>
              ))}
            </dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}

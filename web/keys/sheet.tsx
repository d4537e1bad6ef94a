import { create } from 'zustand';
import { Dialog } from '../ui/dialog.tsx';
import { capsOf, grouped } from './key-words.ts';
import { useRegistered, useShortcuts } from './registry.ts';

const useSheet = create<{ readonly open: boolean }>()(() => ({ open: false }));

export function openShortcuts(): void {
  useSheet.setState({ open: true });
}

/** The caps of a key, as in the sheet and in the palette. */
export function Caps({ caps }: { readonly caps: readonly string[] }) {
  return (
    <span className="flex shrink-0 gap-1">
      {caps.map((part) => (
        <kbd key={part} className="rounded-sm border border-edge px-1.5 text-label">
          {part}
        </kbd>
      ))}
    </span>
  );
}

/** What can be done by key on this screen, read from the registry. */
export function ShortcutSheet() {
  const open = useSheet((state) => state.open);
  const shortcuts = useRegistered().filter((shortcut) => shortcut.when?.() !== false);
  useShortcuts([{ id: 'shortcuts', keys: '?', label: 'Show these shortcuts', run: openShortcuts }]);
  return (
    <Dialog title="Shortcuts" isOpen={open} wide isText onClose={() => useSheet.setState({ open: false })}>
      <div className="gap-8 md:columns-2">
        {grouped(shortcuts).map(([head, list]) => (
          <section key={head} className="mb-4 break-inside-avoid">
            <h3 className="text-label font-semibold text-muted">{head}</h3>
            <dl>
              {list.map((shortcut) => (
                <div
                  key={shortcut.id}
                  className="flex min-h-8 items-center justify-between gap-4 border-b border-line"
                >
                  <dt>{shortcut.label}</dt>
                  <dd>
                    <Caps caps={capsOf(shortcut)} />
                  </dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </Dialog>
  );
}

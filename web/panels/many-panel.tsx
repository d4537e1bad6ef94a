import { X } from 'lucide-react';
import { selectionCount, useView } from '../data/view.ts';
import { formatBytes, plural } from '../i18n/format.ts';
import { IconButton } from '../ui/button.tsx';
import { selectedCards } from './bulk-acts.ts';
import { ManyFields } from './many-fields.tsx';

const SHOWN = 12;

/** Beside the grid while several cards are selected: what they share, and changes to all of them at once. */
export function ManyPanel({ onClose }: { readonly onClose: () => void }) {
  const selection = useView((view) => view.selection);
  const count = selectionCount(selection);
  const cards = selectedCards();
  const bytes = cards?.reduce((sum, card) => sum + card.totalSize, 0);
  return (
    <aside aria-label="Details of the selection" className="flex h-full flex-col bg-panel">
      <header className="flex h-11 shrink-0 items-center gap-1 border-b border-line pr-1 pl-4">
        <h2 className="min-w-0 flex-1 truncate text-title">{plural(count, 'asset')} selected</h2>
        <IconButton label="Close details" onPress={onClose}>
          <X size={16} aria-hidden />
        </IconButton>
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4">
        {cards === null ? (
          <p className="mb-3 text-muted">All that match the filters; each change is counted first.</p>
        ) : (
          <>
            <ul aria-hidden className="mb-2 grid grid-cols-6 gap-1">
              {cards.slice(0, SHOWN).map((card) => (
                <li key={card.id} className="aspect-square overflow-hidden rounded-sm bg-hover">
                  {card.thumbnail === null ? null : (
                    <img src={card.thumbnail} alt="" className="size-full object-cover" />
                  )}
                </li>
              ))}
            </ul>
            <p className="mb-3 text-label text-muted">
              {bytes === undefined || cards.length < count ? '' : `${formatBytes(bytes)} · `}Each change is
              one step with one undo.
            </p>
          </>
        )}
        <ManyFields />
      </div>
    </aside>
  );
}

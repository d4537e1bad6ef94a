import { Search } from 'lucide-react';
import { useEffect, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { Dialog as AriaDialog, Modal, ModalOverlay } from 'react-aria-components';
import { Caps } from '../keys/sheet.tsx';
import { SCOPES, usePaletteRows } from './palette-rows.ts';
import type { PaletteRow } from './palette-rows.ts';

/** One box that goes to any asset, tag or place and runs any command of the page. */
export function Palette({ onClose }: { readonly onClose: () => void }) {
  return (
    <ModalOverlay
      isOpen
      isDismissable
      onOpenChange={onClose}
      className="fixed inset-0 z-50 flex items-start justify-center bg-scrim p-4 pt-[12vh] max-md:p-0"
    >
      <Modal className="popover w-full max-w-xl max-md:max-w-none max-md:rounded-none">
        <AriaDialog aria-label="Command palette" className="outline-none">
          <Box onClose={onClose} />
        </AriaDialog>
      </Modal>
    </ModalOverlay>
  );
}

function Box({ onClose }: { readonly onClose: () => void }) {
  const [text, setText] = useState('');
  const [at, setAt] = useState(0);
  const { rows, busy } = usePaletteRows(text);
  const list = useRef<HTMLDivElement>(null);
  const id = useId();
  const active = Math.min(at, rows.length - 1);

  useEffect(() => {
    list.current?.querySelector('[aria-selected=true]')?.scrollIntoView({ block: 'nearest' });
  }, [active]);

  const run = (row: PaletteRow | undefined) => {
    if (row === undefined) return;
    onClose();
    // The dialog gives the focus back first; the act may take it elsewhere.
    requestAnimationFrame(() => requestAnimationFrame(row.run));
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter' && !event.nativeEvent.isComposing) {
      event.preventDefault();
      run(rows[active]);
    } else if (step !== undefined && rows.length > 0) {
      event.preventDefault();
      setAt((active + step + rows.length) % rows.length);
    }
  };
  return (
    <>
      <div className="flex items-center gap-3 border-b border-line px-4">
        <Search size={16} aria-hidden className="shrink-0 text-muted" />
        <input
          autoFocus
          role="combobox"
          aria-label="Go to or do"
          aria-expanded
          aria-controls={id}
          aria-activedescendant={rows.length === 0 ? undefined : `${id}-${active}`}
          placeholder="Go to an asset, a tag, a collection, or do something"
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(0);
          }}
          onKeyDown={onKeyDown}
          className="h-12 min-w-0 flex-1 outline-none"
        />
      </div>
      <div ref={list} id={id} role="listbox" aria-label="Found" className="max-h-[50vh] overflow-y-auto p-1">
        {rows.map((row, index) => (
          <Row
            key={row.id}
            id={`${id}-${index}`}
            row={row}
            head={rows[index - 1]?.section === row.section ? null : row.section}
            isActive={index === active}
            onPoint={() => setAt(index)}
            onPick={() => run(row)}
          />
        ))}
      </div>
      <p role="status" className="border-t border-line px-4 py-2 text-label text-muted">
        {rows.length === 0
          ? busy
            ? 'Looking …'
            : 'Nothing of this name. Try other words.'
          : SCOPES.map(({ sign, text: scope }) => `${sign} ${scope}`).join(' · ')}
      </p>
    </>
  );
}

function Row(props: {
  readonly id: string;
  readonly row: PaletteRow;
  readonly head: string | null;
  readonly isActive: boolean;
  readonly onPoint: () => void;
  readonly onPick: () => void;
}) {
  const { id, row, head, isActive, onPoint, onPick } = props;
  return (
    <>
      {head === null ? null : (
        <p role="presentation" className="px-2.5 pt-2 pb-1 text-label text-muted">
          {head}
        </p>
      )}
      <div
        role="option"
        id={id}
        aria-selected={isActive}
        onPointerMove={onPoint}
        onClick={onPick}
        className={`flex min-h-9 cursor-default items-center gap-3 rounded-md px-2.5 max-md:min-h-11 ${isActive ? 'bg-hover' : ''}`}
      >
        {row.picture === undefined || row.picture === null ? null : (
          <img src={row.picture} alt="" className="size-7 rounded-sm object-cover" />
        )}
        <span className="min-w-0 flex-1 truncate" dir="auto">
          {row.label}
        </span>
        {row.note === undefined ? null : <span className="shrink-0 text-label text-muted">{row.note}</span>}
        {row.caps === undefined ? null : <Caps caps={row.caps} />}
      </div>
    </>
  );
}

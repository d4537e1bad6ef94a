import type { DragEvent } from 'react';
import { setDragging } from '../data/keep.ts';
import { selectionCount, selectionInput } from '../data/view.ts';
import { plural } from '../i18n/format.ts';
import type { GridControl } from './control.ts';
import { idAt, isPicked } from './control.ts';

/** Cards leave the grid by dragging: onto a collection, or a single one as a file onto the desktop. */
export function startDrag(control: GridControl, event: DragEvent, index: number): void {
  const id = idAt(control, index);
  const card = control.store.card(index);
  if (id === undefined || card === undefined) return event.preventDefault();
  const many = isPicked(control, index) ? selectionInput(control.selection) : null;
  const count = many === null ? 1 : selectionCount(control.selection);
  setDragging({ select: many ?? { ids: [id] }, count });
  const { dataTransfer } = event;
  dataTransfer.effectAllowed = 'copy';
  if (count === 1) {
    const address = new URL(`${card.file}&download=true`, location.href).href;
    dataTransfer.setData('DownloadURL', `${card.mime}:${card.fileName.replaceAll(':', '_')}:${address}`);
  }
  // Without any data some browsers start no drag.
  dataTransfer.setData('text/plain', card.name);
  const label = dragLabel(count === 1 ? card.name : plural(count, 'asset'));
  dataTransfer.setDragImage(label, -12, -12);
  // The browser has taken its picture once this turn is over.
  setTimeout(() => label.remove());
}

function dragLabel(text: string): HTMLElement {
  const label = document.createElement('div');
  label.className = 'drag-label';
  label.textContent = text;
  document.body.append(label);
  return label;
}

import { create } from 'zustand';
import type { UploadFields } from '../../client/index.ts';

interface PanelState {
  readonly isOpen: boolean;
  readonly isSmall: boolean;
  /** Files handed over by `openUpload` that wait for the panel to know the brand. */
  readonly waiting: readonly File[];
  /** What the form says about every file of this round, those still to be added included. */
  readonly shared: UploadFields;
  /** The one file that the form speaks about; null speaks about all. */
  readonly editing: string | null;
}

const CLOSED: PanelState = { isOpen: false, isSmall: false, waiting: [], shared: {}, editing: null };

export const usePanel = create<PanelState>()(() => CLOSED);

/** Opens the upload panel, with files when there are some. */
export function openUpload(files: Iterable<File> = []): void {
  usePanel.setState(({ waiting }) => ({ isOpen: true, isSmall: false, waiting: [...waiting, ...files] }));
}

export function closePanel(): void {
  usePanel.setState(CLOSED);
}

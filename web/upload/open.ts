import { create } from 'zustand';

interface PanelState {
  readonly isOpen: boolean;
  readonly isSmall: boolean;
  /** Files handed over by `openUpload` that wait for the panel to know the brand. */
  readonly waiting: readonly File[];
  /** The one file that the form speaks about; null speaks about all. */
  readonly editing: string | null;
  /** What was not taken of the last choice, in one line; empty when all was. */
  readonly leftOut: string;
}

const CLOSED: PanelState = { isOpen: false, isSmall: false, waiting: [], editing: null, leftOut: '' };

export const usePanel = create<PanelState>()(() => CLOSED);

/** Opens the upload panel, with files when there are some. */
export function openUpload(files: Iterable<File> = []): void {
  usePanel.setState(({ waiting }) => ({ isOpen: true, isSmall: false, waiting: [...waiting, ...files] }));
}

export function closePanel(): void {
  usePanel.setState(CLOSED);
}

import { create } from 'zustand';
import type { AssetSelection } from '../../client/index.ts';

/** Assets on their way into a collection. */
export interface Kept {
  readonly select: AssetSelection;
  readonly count: number;
}

/** A collection whose members are on the screen. */
export interface OpenCollection {
  readonly id: string;
  readonly name: string;
}

export interface ShareSubject {
  readonly kind: 'asset' | 'collection';
  readonly id: string;
  readonly name: string;
}

interface KeepState {
  /** What the picker of collections is asked for; null while it is closed. */
  readonly picking: Kept | null;
  /** What the dialog of share links is about; null while it is closed. */
  readonly sharing: ShareSubject | null;
  /** What the pointer drags over the page; null when nothing. */
  readonly dragging: Kept | null;
  /** Where files go that are dropped or chosen now. */
  readonly open: OpenCollection | null;
}

export const useKeep = create<KeepState>()(() => ({
  picking: null,
  sharing: null,
  dragging: null,
  open: null,
}));

export const pickCollection = (picking: Kept | null): void => useKeep.setState({ picking });
export const openSharing = (sharing: ShareSubject | null): void => useKeep.setState({ sharing });
export const setDragging = (dragging: Kept | null): void => useKeep.setState({ dragging });

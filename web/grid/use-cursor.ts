import { useCallback, useEffect, useRef, useState } from 'react';
import type { CardStore } from '../data/cards.ts';
import type { Cursor } from './control.ts';
import { NOWHERE } from './control.ts';

/** The cursor stays on its card when cards come and go, and starts from the asset that is open. */
export function useCursor(store: CardStore, openId: string | null) {
  const [cursor, setState] = useState<Cursor>(NOWHERE);
  const focusedId = useRef<string | undefined>(undefined);
  const known = useRef(store);

  useEffect(() => {
    if (known.current === store) {
      focusedId.current = store.card(cursor.focus)?.id ?? focusedId.current;
      return;
    }
    known.current = store;
    const moved = focusedId.current === undefined ? undefined : store.indexOf(focusedId.current);
    // A card that went leaves its place to the next one.
    const focus = moved ?? Math.min(cursor.focus, store.layout.count - 1);
    if (focus !== cursor.focus) setState((old) => ({ ...old, focus, anchor: focus }));
  }, [store, cursor.focus]);

  useEffect(() => {
    if (openId === null) return;
    const focus = store.indexOf(openId);
    if (focus !== undefined) setState((old) => (old.focus < 0 ? { ...old, focus, anchor: focus } : old));
  }, [store, openId]);

  const setCursor = useCallback((change: Partial<Cursor>) => setState((old) => ({ ...old, ...change })), []);
  return [cursor, setCursor] as const;
}

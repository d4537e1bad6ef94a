import { useSyncExternalStore } from 'react';

const PHONE = '(width < 768px)';

function watch(tell: () => void): () => void {
  const media = matchMedia(PHONE);
  media.addEventListener('change', tell);
  return () => media.removeEventListener('change', tell);
}

/** Below 768 px: details are full sheets. */
export function useIsPhone(): boolean {
  return useSyncExternalStore(watch, () => matchMedia(PHONE).matches);
}

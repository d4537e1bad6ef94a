import * as v from 'valibot';
import { create } from 'zustand';

/** What one person at one screen likes. It is kept in the browser; what others should see too is in the address. */
const shape = v.object({
  theme: v.fallback(v.picklist(['system', 'dark', 'light']), 'system'),
  density: v.fallback(v.picklist(['compact', 'normal', 'comfortable']), 'normal'),
  /** Wished width of a card in pixels. */
  size: v.fallback(v.pipe(v.number(), v.minValue(90), v.maxValue(400)), 190),
});
export type Prefs = v.InferOutput<typeof shape>;

const KEY = 'backlot.prefs';

function stored(): Prefs {
  let raw: unknown = {};
  try {
    raw = JSON.parse(localStorage.getItem(KEY) ?? '{}');
  } catch {
    // Storage may be forbidden, or hold what an older page wrote.
  }
  const parsed = v.safeParse(shape, raw);
  return parsed.success ? parsed.output : v.parse(shape, {});
}

interface PrefsState extends Prefs {
  readonly change: (change: Partial<Prefs>) => void;
}

export const usePrefs = create<PrefsState>()((set, get) => ({
  ...stored(),
  change: (change) => {
    set(change);
    const { theme, density, size } = get();
    applyTheme(theme);
    try {
      localStorage.setItem(KEY, JSON.stringify({ theme, density, size }));
    } catch {
      // Without storage the choice lasts as long as the page.
    }
  },
}));

export function applyTheme(theme: Prefs['theme']): void {
  if (theme === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme;
}

export const DENSITY_GAP: Readonly<Record<Prefs['density'], number>> = {
  compact: 8,
  normal: 12,
  comfortable: 16,
};

/** Edge of a cell, in units of CIELAB times 1; neighbours differ by less than people tell apart in small pictures. */
const EDGE = 6;
const SPAN = 44;
const HALF = SPAN / 2;

/** How near two colours are: hardly to be told apart, the same family, the same broad hue. CIELAB distance (CIE76). */
export const COLOUR_TOLERANCE = { min: 1, usual: 20, max: 60 } as const;
/** Swatches below this share of the picture are accents that nobody would look for. */
const SHARE_LEAST = 0.03;

export type Lab = readonly [lightness: number, a: number, b: number];

/** sRGB `#rrggbb` to CIELAB under D65. */
export function labOf(hex: string): Lab {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) =>
    linear(Number.parseInt(hex.slice(at, at + 2), 16) / 255),
  );
  const x = bend((0.4124564 * r + 0.3575761 * g + 0.1804375 * b) / 0.95047);
  const y = bend(0.2126729 * r + 0.7151522 * g + 0.072175 * b);
  const z = bend((0.0193339 * r + 0.119192 * g + 0.9503041 * b) / 1.08883);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function linear(value: number): number {
  return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4;
}

function bend(value: number): number {
  return value > 216 / 24_389 ? Math.cbrt(value) : ((24_389 / 27) * value + 16) / 116;
}

type Palette = readonly { readonly hex: string; readonly share: number }[];

/** What a copy saved with loss may shift a colour by, and the part of the picture that must have kept its colours. */
const COPY_TOLERANCE = 15;
const COPY_SHARE = 0.9;

/**
 * Whether two pictures may be copies of one another as far as their colours tell. Two goods in two colours have one
 * shape and are no copies. A picture without a palette tells nothing and may be.
 */
export function mayShareColours(one: Palette, other: Palette): boolean {
  return covers(one, other) && covers(other, one);
}

function covers(palette: Palette, by: Palette): boolean {
  const seen = by.map(({ hex }) => labOf(hex));
  const total = palette.reduce((sum, { share }) => sum + share, 0);
  if (seen.length === 0 || total === 0) return true;
  const found = palette.filter(({ hex }) => {
    const [l, a, b] = labOf(hex);
    return seen.some(([l2, a2, b2]) => Math.hypot(l - l2, a - a2, b - b2) <= COPY_TOLERANCE);
  });
  return found.reduce((sum, { share }) => sum + share, 0) >= COPY_SHARE * total;
}

/** The cell that a colour lies in: a number that an index finds. */
export function colourCell(hex: string): number {
  const [l, a, b] = labOf(hex).map((value) => Math.round(value / EDGE));
  return pack(l ?? 0, a ?? 0, b ?? 0);
}

function pack(l: number, a: number, b: number): number {
  // 18 steps of lightness by 44 of each hue axis stay inside 16 bits once the middle is moved to zero.
  return l * SPAN * SPAN + (a + HALF) * SPAN + (b + HALF) - 17_000;
}

/** The cells of a picture's main colours. */
export function colourCells(palette: readonly { readonly hex: string; readonly share: number }[]): number[] {
  const seen = palette.filter(({ share }) => share >= SHARE_LEAST).map(({ hex }) => colourCell(hex));
  return [...new Set(seen)];
}

/** All cells within a distance of a colour, measured from the middle of its cell to theirs. */
export function cellsNear(hex: string, tolerance: number): number[] {
  const [l = 0, a = 0, b = 0] = labOf(hex).map((value) => Math.round(value / EDGE));
  const reach = Math.floor(tolerance / EDGE);
  const cells: number[] = [];
  for (let dl = -reach; dl <= reach; dl += 1) {
    for (let da = -reach; da <= reach; da += 1) {
      for (let db = -reach; db <= reach; db += 1) {
        const inside = dl * dl + da * da + db * db <= (tolerance / EDGE) ** 2;
        const real = l + dl >= 0 && l + dl <= 17 && Math.abs(a + da) < HALF && Math.abs(b + db) < HALF;
        if (inside && real) cells.push(pack(l + dl, a + da, b + db));
      }
    }
  }
  return cells;
}

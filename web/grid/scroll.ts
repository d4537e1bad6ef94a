/** Browsers clip very tall boxes (Chromium at 33.5M px, others at half); no scroll box of ours is taller than this. */
export const TALLEST = 8_000_000;

/**
 * Where a scaled scroller stands. `native` is the browser's scroll position in a box of at most `TALLEST` pixels,
 * `offset` the position in the content, which may be far taller. Content is drawn at `native - offset`.
 */
export interface ScrollState {
  readonly native: number;
  readonly offset: number;
}

export interface ScrollSize {
  /** Height of the content. */
  readonly content: number;
  /** Height of the window on it. */
  readonly view: number;
}

export function nativeHeight(size: ScrollSize): number {
  return Math.min(size.content, TALLEST);
}

export function maxOffset(size: ScrollSize): number {
  return Math.max(0, size.content - size.view);
}

export function maxNative(size: ScrollSize): number {
  return Math.max(0, nativeHeight(size) - size.view);
}

function isScaled(size: ScrollSize): boolean {
  return size.content > TALLEST;
}

function clamp(value: number, max: number): number {
  return Math.min(Math.max(0, value), max);
}

/**
 * Near both ends a pixel of the box is a pixel of the content; the compression lies between. So wheel and keys reach
 * the first and the last card without a correction.
 */
const EXACT_END = 100_000;

/** The browser's position that stands for an offset. */
export function nativeFor(size: ScrollSize, offset: number): number {
  const at = clamp(offset, maxOffset(size));
  if (!isScaled(size) || at <= EXACT_END) return at;
  const left = maxOffset(size) - at;
  if (left <= EXACT_END) return maxNative(size) - left;
  return EXACT_END + (at - EXACT_END) / squeeze(size);
}

/** The offset that a position of the browser stands for. */
export function offsetFor(size: ScrollSize, native: number): number {
  const at = clamp(native, maxNative(size));
  if (!isScaled(size) || at <= EXACT_END) return at;
  const left = maxNative(size) - at;
  if (left <= EXACT_END) return maxOffset(size) - left;
  return EXACT_END + (at - EXACT_END) * squeeze(size);
}

/** Pixels of content per pixel of the box, between the ends. */
function squeeze(size: ScrollSize): number {
  return (maxOffset(size) - 2 * EXACT_END) / (maxNative(size) - 2 * EXACT_END);
}

/**
 * A browser stands on whole pixels of the screen, so up to half a pixel of drift is its rounding and anchoring for it
 * would never end; this is above it. Whoever is nearer than `AT_END` to an end is at the end: both together leave no
 * place from which the first or last card is a part of a pixel short.
 */
const DRIFT = 0.75;
const AT_END = 1;

function toEnds(size: ScrollSize, offset: number): number {
  const max = maxOffset(size);
  if (offset <= AT_END) return 0;
  return max - offset <= AT_END ? max : offset;
}

/** After a jump to an offset. */
export function jumpTo(size: ScrollSize, offset: number): ScrollState {
  const clamped = clamp(offset, maxOffset(size));
  const at = isScaled(size) ? toEnds(size, clamped) : clamped;
  return { offset: at, native: nativeFor(size, at) };
}

/**
 * After the browser moved to `native`. Small moves (wheel, keys, touch) go 1:1, long ones (the bar) in proportion.
 * Both ends of the box are both ends of the content.
 */
export function follow(size: ScrollSize, before: ScrollState, native: number): ScrollState {
  if (!isScaled(size)) return { native, offset: clamp(native, maxOffset(size)) };
  const delta = native - before.native;
  if (Math.abs(delta) > size.view * 2) return { native, offset: offsetFor(size, native) };
  const offset = clamp(before.offset + delta, maxOffset(size));
  const isAtEnd = native <= 0 || native >= maxNative(size);
  return { native, offset: isAtEnd ? toEnds(size, offset) : offset };
}

/**
 * Whether small moves have made the two positions drift so far that the box would end before (or after) the content
 * does; the scroller then re-anchors at once instead of waiting for rest.
 */
export function mustAnchor(size: ScrollSize, state: ScrollState): boolean {
  if (!isScaled(size) || Math.abs(nativeFor(size, state.offset) - state.native) <= DRIFT) return false;
  const margin = size.view * 2;
  const nearEndOfBox = state.native < margin || maxNative(size) - state.native < margin;
  const atEndOfContent = state.offset <= 0 || state.offset >= maxOffset(size);
  return nearEndOfBox || atEndOfContent;
}

/** Offset that brings a card into view with the least movement. */
export function reveal(
  size: ScrollSize,
  offset: number,
  card: { readonly y: number; readonly height: number },
): number {
  const margin = 12;
  if (card.y - margin < offset) return clamp(card.y - margin, maxOffset(size));
  const over = card.y + card.height + margin - (offset + size.view);
  return over > 0 ? clamp(offset + over, maxOffset(size)) : offset;
}

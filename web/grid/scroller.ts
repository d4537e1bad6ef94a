import { follow, jumpTo, maxOffset, mustAnchor } from './scroll.ts';
import type { ScrollSize, ScrollState } from './scroll.ts';

/** After this long without movement the native position is brought back in line. */
const REST_MS = 160;
/** Pictures load this long after fast motion ends. */
const SETTLE_MS = 90;
/** Pixels per second from which motion counts as fast. */
const FAST = 2500;
/** Cards are placed relative to a multiple of this, so that no drawn coordinate loses its fractions. */
const BASE_STEP = 1_000_000;

/** Drives one scroll box: turns the browser's position into the content's, and back. Knows nothing of React. */
export class Scroller {
  #box: HTMLElement | null = null;
  #layers: readonly HTMLElement[] = [];
  #size: ScrollSize = { content: 0, view: 0 };
  #state: ScrollState = { native: 0, offset: 0 };
  #base = 0;
  #drawnBase = 0;
  #fast = false;
  #seen = { at: 0, offset: 0 };
  #rest: ReturnType<typeof setTimeout> | undefined;
  #settle: ReturnType<typeof setTimeout> | undefined;
  readonly #watchers = new Set<() => void>();

  get offset(): number {
    return this.#state.offset;
  }
  get size(): ScrollSize {
    return this.#size;
  }
  get base(): number {
    return this.#base;
  }
  /** In fast motion new cards come without pictures. */
  get fast(): boolean {
    return this.#fast;
  }

  attach(box: HTMLElement, layers: readonly HTMLElement[]): () => void {
    this.#box = box;
    this.#layers = layers;
    box.addEventListener('scroll', this.#onScroll, { passive: true });
    return () => {
      box.removeEventListener('scroll', this.#onScroll);
      clearTimeout(this.#rest);
      clearTimeout(this.#settle);
    };
  }

  readonly subscribe = (watcher: () => void): (() => void) => {
    this.#watchers.add(watcher);
    return () => void this.#watchers.delete(watcher);
  };

  /** New heights; the box must already have its new one. Goes to `offset`, or stays as near as it can. */
  resize(size: ScrollSize, offset: number = this.#state.offset): void {
    this.#size = size;
    this.#place(jumpTo(size, offset));
    this.#tell();
  }

  jump(offset: number): void {
    this.#place(jumpTo(this.#size, offset));
    this.#track();
    this.#tell();
  }

  /** After cards were drawn relative to a base. */
  drawn(base: number): void {
    this.#drawnBase = base;
    this.#draw();
  }

  readonly #onScroll = (): void => {
    const box = this.#box;
    if (box === null || Math.abs(box.scrollTop - this.#state.native) < 0.5) return;
    this.#state = follow(this.#size, this.#state, box.scrollTop);
    if (mustAnchor(this.#size, this.#state)) this.#place(jumpTo(this.#size, this.#state.offset));
    this.#track();
    this.#draw();
    this.#tell();
    clearTimeout(this.#rest);
    this.#rest = setTimeout(() => this.#place(jumpTo(this.#size, this.#state.offset)), REST_MS);
  };

  #place(state: ScrollState): void {
    const box = this.#box;
    let { native } = state;
    if (box !== null && Math.abs(box.scrollTop - native) >= 0.5) {
      box.scrollTop = native;
      // The browser may round it; what counts is where the box stands.
      native = box.scrollTop;
    }
    this.#state = { native, offset: state.offset };
    this.#rebase();
    this.#draw();
  }

  #rebase(): void {
    const isTall = this.#size.content > BASE_STEP * 8;
    this.#base = isTall ? Math.round(this.#state.offset / BASE_STEP) * BASE_STEP : 0;
  }

  #draw(): void {
    const shift = this.#state.native - this.#state.offset + this.#drawnBase;
    const transform = `translateY(${shift}px)`;
    for (const layer of this.#layers)
      if (layer.style.transform !== transform) layer.style.transform = transform;
  }

  #track(): void {
    const now = performance.now();
    const passed = now - this.#seen.at;
    const speed = (Math.abs(this.#state.offset - this.#seen.offset) / Math.max(8, passed)) * 1000;
    this.#seen = { at: now, offset: this.#state.offset };
    this.#rebase();
    // After a pause the first step says nothing about speed.
    if (speed < FAST || passed > 200) return;
    this.#fast = true;
    clearTimeout(this.#settle);
    this.#settle = setTimeout(() => {
      this.#fast = false;
      this.#tell();
    }, SETTLE_MS);
  }

  #tell(): void {
    for (const watcher of this.#watchers) watcher();
  }

  /** Share of the way, 0 to 1. */
  get part(): number {
    const max = maxOffset(this.#size);
    return max === 0 ? 0 : this.#state.offset / max;
  }
}

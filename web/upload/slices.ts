/** Milliseconds of work at a stretch: with painting it fits between two frames of a busy page. */
const SLICE_MS = 8;

/** Waits one turn of the page, in which it paints and answers the person. */
export function breathe(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}

/** Tells, between two pieces of work, whether the page has been kept waiting long enough. */
export function createPace(): () => boolean {
  let began = performance.now();
  return () => {
    if (performance.now() - began < SLICE_MS) return false;
    began = performance.now();
    return true;
  };
}

/** Does something with each of many; a hundred thousand of them never hold the page up. A few are done at once. */
export async function inSlices<T>(items: Iterable<T>, act: (item: T) => void): Promise<void> {
  const mustBreathe = createPace();
  for (const item of items) {
    act(item);
    if (mustBreathe()) await breathe();
  }
}

import { useLayoutEffect, useRef, useState } from 'react';
import { Row } from './row.tsx';
import type { Tally } from './tally.ts';

/** Pixels; every row has this height, so that ten thousand of them are arithmetic. */
const ROW_HEIGHT = 56;
const SPARE_ROWS = 4;

/** Only the rows in view are in the page. */
export function UploadList({ tally }: { readonly tally: Tally }) {
  const box = useRef<HTMLDivElement>(null);
  const [view, setView] = useState({ top: 0, height: 320 });

  useLayoutEffect(() => {
    const element = box.current;
    if (element === null) return;
    const read = () => setView({ top: element.scrollTop, height: element.clientHeight });
    const watcher = new ResizeObserver(read);
    watcher.observe(element);
    element.addEventListener('scroll', read, { passive: true });
    return () => {
      watcher.disconnect();
      element.removeEventListener('scroll', read);
    };
  }, []);

  const count = tally.listed;
  const first = Math.max(0, Math.floor(view.top / ROW_HEIGHT) - SPARE_ROWS);
  const last = Math.min(count, Math.ceil((view.top + view.height) / ROW_HEIGHT) + SPARE_ROWS);
  return (
    <div
      ref={box}
      tabIndex={0}
      role="group"
      aria-label="Files"
      className="min-h-0 shrink overflow-y-auto border-t border-line"
      style={{ flexBasis: count * ROW_HEIGHT + 1 }}
    >
      <ul className="relative" style={{ height: count * ROW_HEIGHT }}>
        {tally.window(first, last).map((row, n) => (
          <li
            key={row.id}
            aria-setsize={count}
            aria-posinset={first + n + 1}
            className="absolute inset-x-0 border-b border-line"
            style={{ top: (first + n) * ROW_HEIGHT, height: ROW_HEIGHT }}
          >
            <Row row={row} />
          </li>
        ))}
      </ul>
    </div>
  );
}

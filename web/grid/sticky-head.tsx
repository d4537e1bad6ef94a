import { useCallback, useEffect, useRef, useSyncExternalStore } from 'react';
import type { ReactNode } from 'react';
import type { GridLayout, LaidGroup } from './layout.ts';
import { groupsIn } from './layout.ts';
import type { Scroller } from './scroller.ts';

const HEIGHT = 44;

export interface StickyHeadProps {
  readonly layout: GridLayout;
  readonly scroller: Scroller;
  /** Keeps the rail free. */
  readonly right: number;
  readonly children: (group: LaidGroup) => ReactNode;
}

/** The header of the group on view while its own place is scrolled away; the next one pushes it out. */
export function StickyHead({ layout, scroller, right, children }: StickyHeadProps) {
  const box = useRef<HTMLDivElement>(null);
  const current = useCallback(() => {
    const [group] = groupsIn(layout, scroller.offset, scroller.offset + 1);
    return group !== undefined && group.y < scroller.offset ? group : null;
  }, [layout, scroller]);
  const group = useSyncExternalStore(scroller.subscribe, current);

  // It moves with every pixel while it is pushed, so it is moved by hand and not by a render.
  useEffect(() => {
    const follow = () => {
      if (box.current === null || group === null) return;
      const next = layout.groups[layout.groups.indexOf(group) + 1];
      const push = next === undefined ? 0 : Math.min(0, next.y - scroller.offset - HEIGHT);
      box.current.style.transform = `translateY(${push}px)`;
    };
    follow();
    return scroller.subscribe(follow);
  }, [layout, scroller, group]);

  if (group === null) return null;
  return (
    // For the eye and the pointer; who listens or uses keys has the header in its own place.
    <div ref={box} className="group-sticky" style={{ right }} aria-hidden>
      {children(group)}
    </div>
  );
}

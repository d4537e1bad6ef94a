import { useEffect, useRef } from 'react';
import type { PointerEvent } from 'react';

const LONG_PRESS_MS = 450;
/** A finger never lies quite still; beyond this many pixels it is on its way somewhere. */
const STILL_PX = 10;
/** A menu that comes so soon after a touch, in milliseconds, is the browser's answer to the finger. */
const OF_TOUCH_MS = 2000;

interface Press {
  readonly index: number;
  readonly x: number;
  readonly y: number;
  readonly timer: ReturnType<typeof setTimeout>;
}

/** A finger that stays long on a card. Moving on, a second finger and lifting it early end the press. */
export function useLongPress(onLong: (index: number) => void) {
  const latest = useRef(onLong);
  useEffect(() => {
    latest.current = onLong;
  });
  const press = useRef<Press | null>(null);
  const wasLong = useRef(false);
  const touchedAt = useRef(-Infinity);

  const end = () => {
    clearTimeout(press.current?.timer);
    press.current = null;
  };
  useEffect(() => end, []);
  const fire = () => {
    const index = press.current?.index;
    end();
    if (index === undefined) return;
    wasLong.current = true;
    latest.current(index);
  };
  return {
    /** The click that follows a long press belongs to it. */
    wasLong: () => wasLong.current,
    wasTouch: () => performance.now() - touchedAt.current < OF_TOUCH_MS,
    start: (event: PointerEvent, index: number) => {
      end();
      wasLong.current = false;
      touchedAt.current = event.pointerType === 'touch' ? performance.now() : -Infinity;
      if (index < 0 || event.pointerType !== 'touch' || !event.isPrimary) return;
      press.current = {
        index,
        x: event.clientX,
        y: event.clientY,
        timer: setTimeout(fire, LONG_PRESS_MS),
      };
    },
    move: ({ clientX, clientY }: PointerEvent) => {
      if (press.current === null) return;
      if (Math.hypot(clientX - press.current.x, clientY - press.current.y) > STILL_PX) end();
    },
    end,
    /** Where the browser takes a press for long before we do, its word counts. */
    fire,
  };
}

/** Where a fitted picture stands: scale 1 fits the frame, x and y move its middle, in CSS pixels. */
export interface Placement {
  readonly scale: number;
  readonly x: number;
  readonly y: number;
}

/** Scales so that the point of the picture under `at` (from the frame's middle) stays where it is. */
export function zoomAt(
  now: Placement,
  scale: number,
  at: { readonly x: number; readonly y: number },
): Placement {
  const grow = scale / now.scale;
  return { scale, x: at.x - (at.x - now.x) * grow, y: at.y - (at.y - now.y) * grow };
}

/** Keeps the picture from being lost: it may move by what it exceeds the frame on each side. */
export function panWithin(
  now: Placement,
  frame: { readonly width: number; readonly height: number },
): Placement {
  const clamp = (value: number, size: number) => {
    const room = (size * (now.scale - 1)) / 2;
    return Math.max(-room, Math.min(room, value));
  };
  return { scale: now.scale, x: clamp(now.x, frame.width), y: clamp(now.y, frame.height) };
}

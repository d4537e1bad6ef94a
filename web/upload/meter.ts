/** Speed of what moves, in bytes a second, smoothed over about three seconds so that the time left does not jump. */
export interface Meter {
  /** Takes the bytes sent so far at a time in milliseconds; answers the speed. */
  read(sentBytes: number, now: number): number;
  reset(): void;
}

const SMOOTH_MS = 3000;

export function createMeter(): Meter {
  let last: { sent: number; at: number } | null = null;
  let speed = 0;
  return {
    read(sent, now) {
      const before = last;
      last = { sent, at: now };
      if (before === null || now <= before.at) return speed;
      const passed = now - before.at;
      // A retry starts at zero again; that is no negative speed.
      const current = (Math.max(0, sent - before.sent) * 1000) / passed;
      const weight = speed === 0 ? 1 : 1 - Math.exp(-passed / SMOOTH_MS);
      speed += (current - speed) * weight;
      if (speed < 1) speed = 0;
      return speed;
    },
    reset() {
      last = null;
      speed = 0;
    },
  };
}

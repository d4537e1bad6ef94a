import type { RefObject } from 'react';
import { formatDuration } from '../i18n/format.ts';

/** An invisible slider over the picture of a film or a sound: a press, a drag or a key goes to that place. */
export function SeekRange(props: {
  readonly label: string;
  readonly player: RefObject<HTMLMediaElement | null>;
  /** Seconds. */
  readonly at: number;
  readonly duration: number;
}) {
  const { label, player, at, duration } = props;
  const seek = (seconds: number) => {
    if (player.current !== null) player.current.currentTime = Math.max(0, Math.min(duration, seconds));
  };
  return (
    <input
      type="range"
      aria-label={label}
      aria-valuetext={`${formatDuration(at)} of ${formatDuration(duration)}`}
      className="absolute inset-0 size-full opacity-0"
      min={0}
      max={duration}
      step={duration / 400}
      value={Math.min(at, duration)}
      onChange={(event) => seek(Number(event.target.value))}
    />
  );
}

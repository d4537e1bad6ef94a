import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import type { Viewable } from './kind.ts';
import { SeekRange } from './seek-range.tsx';
import { barsOf, peaksIn } from './peaks-read.ts';

const BARS = 160;

/** The sound's shape as the server measured it. A press or a drag goes to that place; what was heard is coloured. */
export function Peaks(props: {
  readonly asset: Viewable;
  readonly player: RefObject<HTMLAudioElement | null>;
  /** Seconds. */
  readonly at: number;
}) {
  const { asset, player, at } = props;
  const address = asset.renditions?.find(({ name }) => name === 'waveform')?.path;
  const { data } = useQuery({
    queryKey: ['peaks', address],
    enabled: address !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async ({ signal }) => {
      const answer = await fetch(address ?? '', { signal });
      return answer.ok ? peaksIn(await answer.json()) : null;
    },
  });
  const canvas = useRef<HTMLCanvasElement>(null);
  const duration = asset.duration ?? 0;
  const part = duration > 0 ? at / duration : 0;
  useEffect(() => {
    if (canvas.current !== null && data !== undefined && data !== null) paint(canvas.current, data, part);
  }, [data, part]);
  if (data === undefined || data === null || duration === 0) return null;
  return (
    <label className="relative block h-20 w-full max-w-xl shrink-0">
      <canvas ref={canvas} className="size-full" aria-hidden />
      <SeekRange label="Place in the sound" player={player} at={at} duration={duration} />
    </label>
  );
}

function paint(canvas: HTMLCanvasElement, peaks: readonly number[], part: number): void {
  const context = canvas.getContext('2d');
  if (context === null) return;
  const density = window.devicePixelRatio;
  canvas.width = canvas.clientWidth * density;
  canvas.height = canvas.clientHeight * density;
  const style = getComputedStyle(canvas);
  const [heard, coming] = [style.getPropertyValue('--accent'), style.getPropertyValue('--edge')];
  const bars = barsOf(peaks, BARS);
  const pitch = canvas.width / bars.length;
  for (const [index, height] of bars.entries()) {
    const tall = Math.max(2 * density, height * canvas.height);
    context.fillStyle = (index + 0.5) / bars.length <= part ? heard : coming;
    context.fillRect(index * pitch, (canvas.height - tall) / 2, pitch * 0.65, tall);
  }
}

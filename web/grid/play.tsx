import { Pause, Play } from 'lucide-react';
import { useEffect } from 'react';
import { create } from 'zustand';
import type { AssetCard } from '../../client/index.ts';
import { toast } from '../panels/toast.tsx';
import { playableOf } from '../viewers/kind.ts';

/** One sound at a time, whichever card it came from. */
const usePlaying = create<{ readonly id: string | null }>()(() => ({ id: null }));
let player: HTMLAudioElement | undefined;

function stop(): void {
  player?.pause();
  player = undefined;
  usePlaying.setState({ id: null });
}

function play(card: AssetCard): void {
  stop();
  const audio = new Audio(playableOf(card, 'audio'));
  player = audio;
  usePlaying.setState({ id: card.id });
  audio.addEventListener('ended', () => (player === audio ? stop() : undefined));
  audio.play().catch(() => {
    if (player !== audio) return;
    stop();
    toast({
      text: `This browser cannot play “${card.name}”. The file is whole; download it to play it elsewhere.`,
      tone: 'bad',
    });
  });
}

/** For the pointer only; keys have the quick preview with its player. */
export function PlayButton({ card }: { readonly card: AssetCard }) {
  const isPlaying = usePlaying(({ id }) => id === card.id);
  const { id } = card;
  // With its card the button would be gone, and nothing on the page could stop the sound.
  useEffect(() => () => (usePlaying.getState().id === id ? stop() : undefined), [id]);
  return (
    <span
      className="card-play"
      data-playing={isPlaying || undefined}
      aria-hidden
      title={isPlaying ? 'Stop' : 'Play'}
      onClick={(event) => {
        event.stopPropagation();
        if (isPlaying) stop();
        else play(card);
      }}
    >
      {isPlaying ? <Pause size={18} fill="currentColor" /> : <Play size={18} fill="currentColor" />}
    </span>
  );
}

import { Music, VideoOff } from 'lucide-react';
import { useRef, useState } from 'react';
import { FilmStrip } from './film-strip.tsx';
import { pictureOf, playableOf } from './kind.ts';
import type { Viewable } from './kind.ts';
import { Peaks } from './peaks.tsx';

/** What to say when the browser gives up on a file: it is kept, and the download plays elsewhere. */
function Unplayable({ asset }: { readonly asset: Viewable }) {
  return (
    <p className="flex max-w-80 flex-col items-center gap-2 p-4 text-center text-muted">
      <VideoOff size={28} aria-hidden />
      This browser cannot play {asset.mime}. The file is whole; download it to play it elsewhere.
    </p>
  );
}

export function VideoView({ asset, autoPlay }: { readonly asset: Viewable; readonly autoPlay: boolean }) {
  const [failed, setFailed] = useState(false);
  const [at, setAt] = useState(0);
  const player = useRef<HTMLVideoElement>(null);
  const poster = asset.preview ?? asset.thumbnail;
  if (failed) {
    return (
      <div className="flex size-full items-center justify-center">
        <Unplayable asset={asset} />
      </div>
    );
  }
  return (
    <div className="flex size-full min-h-0 flex-col">
      <div className="flex min-h-0 flex-1 items-center justify-center">
        {/* Captions belong to a production, not to a raw clip: there is no track to offer. */}
        <video
          ref={player}
          key={asset.file}
          controls
          playsInline
          autoPlay={autoPlay}
          preload="metadata"
          src={playableOf(asset, 'video')}
          aria-label={asset.name}
          onError={() => setFailed(true)}
          onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
          className="max-h-full max-w-full"
          {...(poster === null ? {} : { poster })}
        />
      </div>
      <FilmStrip asset={asset} player={player} at={at} />
    </div>
  );
}

export function AudioView({ asset, autoPlay }: { readonly asset: Viewable; readonly autoPlay: boolean }) {
  const [failed, setFailed] = useState(false);
  const [at, setAt] = useState(0);
  const player = useRef<HTMLAudioElement>(null);
  const hasPeaks = asset.renditions?.some(({ name }) => name === 'waveform') === true;
  // Sound without a cover has its waveform as picture; the player draws it better.
  const isWaveform = hasPeaks && asset.palette?.length === 0;
  const picture = isWaveform ? null : pictureOf(asset);
  return (
    <div className="flex size-full min-h-0 flex-col items-center justify-center gap-3 p-3">
      {picture === null ? (
        <Music size={40} aria-hidden className="text-muted" />
      ) : (
        <img src={picture} alt="" className="min-h-0 max-w-full flex-1 object-contain" />
      )}
      {failed ? null : <Peaks asset={asset} player={player} at={at} />}
      {failed ? (
        <Unplayable asset={asset} />
      ) : (
        <audio
          ref={player}
          onTimeUpdate={(event) => setAt(event.currentTarget.currentTime)}
          key={asset.file}
          controls
          autoPlay={autoPlay}
          preload="metadata"
          src={playableOf(asset, 'audio')}
          aria-label={asset.name}
          onError={() => setFailed(true)}
          className="w-full max-w-xl shrink-0"
        />
      )}
    </div>
  );
}

import { ModelViewerElement } from '@google/model-viewer';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { modelOf } from './kind.ts';
import type { Viewable } from './kind.ts';

// Unless told otherwise it fetches the decoders of packed models from a public host; these come from our own build.
const PARTS = '/assets/three-0.183.2/';
ModelViewerElement.dracoDecoderLocation = `${PARTS}gltf/`;
ModelViewerElement.ktx2TranscoderLocation = `${PARTS}basis/`;

const TURN = 15;

/** A model to be turned by pointer, touch or arrow keys. The server's picture stays wherever it cannot be drawn. */
export function ModelView({ asset, picture }: { readonly asset: Viewable; readonly picture: string | null }) {
  const holder = useRef<HTMLDivElement>(null);
  const element = useRef<ModelViewerElement | null>(null);
  const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading');
  const [isTurning, setTurning] = useState(false);
  const address = modelOf(asset) ?? asset.file;

  useEffect(() => {
    const place = holder.current;
    if (place === null) return;
    const viewer = new ModelViewerElement();
    element.current = viewer;
    viewer.alt = `3D model ${asset.name}`;
    viewer.cameraControls = true;
    viewer.interactionPrompt = 'none';
    viewer.shadowIntensity = 0.6;
    // Pale models would vanish on a pale ground.
    viewer.style.backgroundColor = 'var(--edge)';
    viewer.style.width = '100%';
    viewer.style.height = '100%';
    viewer.style.setProperty('--poster-color', 'transparent');
    viewer.addEventListener('load', () => setState('there'));
    viewer.addEventListener('error', () => setState('failed'));
    viewer.src = address;
    place.append(viewer);
    return () => {
      element.current = null;
      viewer.remove();
    };
  }, [address, asset.name]);

  useEffect(() => {
    if (element.current === null) return;
    element.current.autoRotate = isTurning;
    element.current.autoRotateDelay = 0;
  }, [isTurning]);

  const turn = (degrees: number) =>
    element.current?.resetTurntableRotation(radians(element.current, degrees));
  return (
    <div className="relative size-full">
      {state !== 'there' && picture !== null ? (
        <img src={picture} alt={asset.name} className="absolute inset-0 size-full object-contain" />
      ) : null}
      <div ref={holder} className={state === 'there' ? 'size-full' : 'invisible size-full'} />
      <div
        className="absolute right-2 bottom-2 left-2 flex flex-wrap items-center gap-1"
        role="group"
        aria-label="Model"
      >
        {state === 'there' ? (
          <>
            <Button small tone="quiet" className="bg-raised" onPress={() => turn(-TURN)}>
              Turn left
            </Button>
            <Button small tone="quiet" className="bg-raised" onPress={() => turn(TURN)}>
              Turn right
            </Button>
            <Button
              small
              tone="quiet"
              className="bg-raised"
              aria-pressed={isTurning}
              onPress={() => setTurning(!isTurning)}
            >
              Keep turning
            </Button>
          </>
        ) : (
          <p role="status" className="rounded-md border border-line bg-raised px-2 py-1">
            {state === 'loading'
              ? 'Opening the model …'
              : 'This browser cannot draw the model: it has no 3D graphics, or the model is packed in a way that needs a decoder. The picture stays; the download is whole.'}
          </p>
        )}
      </div>
    </div>
  );
}

function radians(viewer: ModelViewerElement, degrees: number): number {
  return viewer.turntableRotation + (degrees * Math.PI) / 180;
}

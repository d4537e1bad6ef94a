import { FileUp, FolderUp } from 'lucide-react';
import { useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { canPick, pickHandles } from './handles.ts';
import type { PickKind } from './handles.ts';

export interface PickButtonsProps {
  readonly onFiles: (files: Iterable<File>) => void;
  /** Where given and the browser can, it hands out what it can open again after a reload. */
  readonly onHandles?: (handles: readonly FileSystemHandle[]) => void;
  /** The first thing to do where they stand. */
  readonly isMain: boolean;
  /** Tells the inputs of one page apart. */
  readonly name: string;
  /** Further ways, beside these. */
  readonly children?: ReactNode;
}

/** Choose files, or a folder with all that is in it. */
export function PickButtons({ onFiles, onHandles, isMain, name, children }: PickButtonsProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const [turn, setTurn] = useState(0);

  function take(input: HTMLInputElement): void {
    onFiles(input.files ?? []);
    // A fresh input notices the same files too, which is how an upload goes on after a reload; and a list of a hundred
    // thousand files need not be copied out of the old one.
    setTurn(turn + 1);
  }

  function choose(kind: PickKind, input: HTMLInputElement | null): void {
    if (onHandles === undefined || !canPick(kind)) return input?.click();
    pickHandles(kind).then(
      (handles) => (handles.length > 0 ? onHandles(handles) : undefined),
      // Forbidden here, as inside a frame of another site.
      () => input?.click(),
    );
  }

  const shared = { type: 'file', multiple: true, hidden: true } as const;
  return (
    <div className="flex flex-wrap justify-center gap-2">
      <Button tone={isMain ? 'main' : 'plain'} onPress={() => choose('files', files.current)}>
        <FileUp size={15} aria-hidden /> Choose files
      </Button>
      <Button onPress={() => choose('folder', folder.current)}>
        <FolderUp size={15} aria-hidden /> Choose folder
      </Button>
      {children}
      <input
        key={`files ${turn}`}
        ref={files}
        {...shared}
        data-testid={`${name}-files`}
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        key={`folder ${turn}`}
        ref={folder}
        {...shared}
        data-testid={`${name}-folder`}
        {...{ webkitdirectory: '' }}
        onChange={(event) => take(event.currentTarget)}
      />
    </div>
  );
}

import { FolderUp, FileUp, Upload } from 'lucide-react';
import { useRef } from 'react';
import { Button } from '../ui/button.tsx';

export interface PickButtonsProps {
  readonly onFiles: (files: Iterable<File>) => void;
  /** The first thing to do where they stand. */
  readonly isMain: boolean;
  /** Tells the inputs of one page apart. */
  readonly name: string;
}

/** Choose files, or a folder with all that is in it. */
export function PickButtons({ onFiles, isMain, name }: PickButtonsProps) {
  const files = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);

  function take(input: HTMLInputElement): void {
    onFiles([...(input.files ?? [])]);
    // Choosing the same files again must be noticed too: that is how an upload goes on after a reload.
    input.value = '';
  }

  return (
    <div className="flex flex-wrap justify-center gap-2">
      <Button tone={isMain ? 'main' : 'plain'} onPress={() => files.current?.click()}>
        <FileUp size={15} aria-hidden /> Choose files
      </Button>
      <Button onPress={() => folder.current?.click()}>
        <FolderUp size={15} aria-hidden /> Choose folder
      </Button>
      <input
        ref={files}
        type="file"
        multiple
        hidden
        data-testid={`${name}-files`}
        onChange={(event) => take(event.currentTarget)}
      />
      <input
        ref={folder}
        type="file"
        multiple
        hidden
        data-testid={`${name}-folder`}
        {...{ webkitdirectory: '' }}
        onChange={(event) => take(event.currentTarget)}
      />
    </div>
  );
}

export interface PickProps {
  readonly onFiles: (files: Iterable<File>) => void;
  /** Large and inviting while the list is empty. */
  readonly isLarge: boolean;
}

/** The way to more files; dropping works anywhere on the page. */
export function Pick({ onFiles, isLarge }: PickProps) {
  const buttons = <PickButtons name="upload" isMain={isLarge} onFiles={onFiles} />;
  if (!isLarge) return buttons;
  return (
    <div className="flex flex-col items-center gap-3 rounded-lg border border-dashed border-edge px-4 py-8 text-center">
      <Upload size={24} aria-hidden className="text-muted" />
      <p>
        Drop files or folders anywhere on this page
        <span className="block text-muted">or paste a picture with Ctrl+V</span>
      </p>
      {buttons}
    </div>
  );
}

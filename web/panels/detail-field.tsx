import { Check } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { TextArea, TextField } from '../ui/field.tsx';
import type { SaveState } from './detail-save.ts';

/** "Saved", or what went wrong and a way to try again. Empty while there is nothing to say. */
export function SaveMark({ state }: { readonly state: SaveState | undefined }) {
  return (
    <div role="status" className="text-label">
      {state?.kind === 'saving' ? <span className="text-muted">Saving …</span> : null}
      {state?.kind === 'saved' ? (
        <span className="inline-flex items-center gap-1 text-good">
          <Check size={12} aria-hidden /> Saved
        </span>
      ) : null}
      {state?.kind === 'failed' ? (
        <span className="flex items-start gap-2 text-bad">
          <span className="min-w-0 flex-1 pt-1.5">Not saved; your text is kept. {state.message}</span>
          <Button small onPress={state.again}>
            Try again
          </Button>
        </span>
      ) : null}
    </div>
  );
}

/** Who said a value; nothing when nobody did. */
export function Said({ text }: { readonly text: string }) {
  if (text === '') return null;
  return (
    <p className="mt-0.5 truncate text-label text-muted" title={text}>
      {text}
    </p>
  );
}

export interface DraftFieldProps {
  /**
   * Of a selection: what is saved is done with, and nothing is saved by going away, since by then other assets may be
   * selected.
   */
  readonly isOfMany?: boolean;
  /** Shown while there is nothing to say about saving. */
  readonly note?: string;
  readonly label: string;
  readonly value: string;
  readonly onSave: (text: string) => void;
  readonly state: SaveState | undefined;
  readonly rows?: number;
  readonly maxLength?: number;
  /** An emptied field goes back to what it was. */
  readonly isRequired?: boolean;
  readonly placeholder?: string;
}

/**
 * A text that saves when it is left, also by closing the panel. What somebody types is never replaced by what arrives
 * from elsewhere; Escape goes back to what is stored.
 */
export function DraftField(props: DraftFieldProps) {
  const { label, value, onSave, state, rows, maxLength, isRequired = false, placeholder } = props;
  const isOfMany = props.isOfMany === true;
  const [draft, setDraft] = useState<string | null>(null);
  const sent = useRef<string | null>(null);
  const failed = state?.kind === 'failed';
  const latest = useRef({ draft, value, onSave, failed });
  useEffect(() => {
    latest.current = { draft, value, onSave, failed };
  });

  // Once it is stored the draft has done its work, unless more was typed meanwhile.
  useEffect(() => {
    if (draft !== null && draft === sent.current && state?.kind === 'saved') setDraft(null);
  }, [draft, state]);

  useEffect(
    () => () => {
      const { draft, value, onSave, failed } = latest.current;
      if (draft !== null && !failed && !isOfMany && isWorthSaving(draft, value, isRequired))
        onSave(draft.trim());
    },
    [isRequired, isOfMany],
  );

  function leave(): void {
    if (draft === null) return;
    if (!isWorthSaving(draft, value, isRequired)) return setDraft(null);
    sent.current = draft;
    onSave(draft.trim());
    if (isOfMany) setDraft(null);
  }

  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.key === 'Escape' && draft !== null) {
      event.stopPropagation();
      setDraft(null);
    }
    const enter = event.key === 'Enter' && !event.nativeEvent.isComposing;
    if (enter && (rows === undefined || event.ctrlKey || event.metaKey)) leave();
  }

  const common = {
    label,
    value: draft ?? value,
    onChange: setDraft,
    onBlur: leave,
    isInvalid: failed,
    ...(maxLength === undefined ? {} : { maxLength }),
    ...(placeholder === undefined ? {} : { placeholder }),
  };
  return (
    <div onKeyDown={onKeyDown}>
      {rows === undefined ? <TextField {...common} /> : <TextArea {...common} rows={rows} />}
      <SaveMark state={state} />
      {state === undefined ? <Said text={props.note ?? ''} /> : null}
    </div>
  );
}

function isWorthSaving(draft: string, value: string, isRequired: boolean): boolean {
  const text = draft.trim();
  return text !== value && !(isRequired && text === '');
}

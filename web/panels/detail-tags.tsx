import { X } from 'lucide-react';
import { useId, useRef, useState } from 'react';
import { LABEL_CLASS } from '../ui/field.tsx';

export interface TagFieldProps {
  readonly label: string;
  readonly tags: readonly string[];
  readonly onChange: (tags: string[]) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** A tag's own act, such as filtering by it. */
  readonly onPressTag?: (tag: string) => void;
}

/** Words typed or pasted, without repeats (upper and lower case are the same word). */
export function mergeTags(tags: readonly string[], text: string): string[] {
  const seen = new Set(tags.map((tag) => tag.toLowerCase()));
  const merged = [...tags];
  for (const word of text.split(/[,\n;]/)) {
    const tag = word.trim().replace(/\s+/g, ' ').slice(0, 64);
    if (tag === '' || seen.has(tag.toLowerCase())) continue;
    seen.add(tag.toLowerCase());
    merged.push(tag);
  }
  return merged;
}

/** Enter or a comma adds, Backspace in the empty field removes the last; a pasted list becomes many. */
export function TagField({ label, tags, onChange, hint, error, onPressTag }: TagFieldProps) {
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const id = useId();

  function add(): void {
    const merged = mergeTags(tags, text);
    setText('');
    if (merged.length !== tags.length) onChange(merged);
  }

  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      add();
    } else if (event.key === 'Backspace' && text === '' && tags.length > 0) {
      onChange(tags.slice(0, -1));
    }
  }

  return (
    <div>
      <label htmlFor={id} className={LABEL_CLASS}>
        {label}
      </label>
      <div
        className="field flex-wrap py-1"
        data-invalid={error === undefined ? undefined : true}
        onPointerDown={(event) => {
          if (event.target !== event.currentTarget) return;
          event.preventDefault();
          input.current?.focus();
        }}
      >
        {tags.map((tag) => (
          <Tag
            key={tag}
            tag={tag}
            onRemove={() => onChange(tags.filter((other) => other !== tag))}
            onPress={onPressTag}
          />
        ))}
        <input
          ref={input}
          id={id}
          value={text}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (!/[,\n;]/.test(pasted)) return;
            event.preventDefault();
            onChange(mergeTags(tags, `${text},${pasted}`));
            setText('');
          }}
          onBlur={add}
          aria-describedby={`${id}-hint`}
          placeholder={tags.length === 0 ? 'Type and press Enter' : ''}
          className="h-6 min-w-24 flex-1 outline-none"
        />
      </div>
      <p id={`${id}-hint`} className={`text-label ${error === undefined ? 'text-muted' : 'text-bad'}`}>
        {error ?? hint}
      </p>
    </div>
  );
}

function Tag(props: {
  readonly tag: string;
  readonly onRemove: () => void;
  readonly onPress: ((tag: string) => void) | undefined;
}) {
  const { tag, onRemove, onPress } = props;
  return (
    <span className="flex max-w-full items-center rounded-sm bg-hover pl-2">
      {onPress === undefined ? (
        <span className="truncate">{tag}</span>
      ) : (
        <button
          type="button"
          className="truncate hover:underline"
          onClick={() => onPress(tag)}
          title={`Show all with the tag ${tag}`}
        >
          {tag}
        </button>
      )}
      <button
        type="button"
        aria-label={`Remove tag ${tag}`}
        onClick={onRemove}
        className="grid size-6 shrink-0 place-items-center rounded-sm text-muted hover:text-text max-md:size-9"
      >
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}

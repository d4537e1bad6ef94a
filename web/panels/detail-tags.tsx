import { useQuery } from '@tanstack/react-query';
import { X } from 'lucide-react';
import { useDeferredValue, useId, useRef, useState } from 'react';
import { client } from '../data/client.ts';
import { useBrand } from '../data/session.tsx';
import { formatCount } from '../i18n/format.ts';
import { LABEL_CLASS } from '../ui/field.tsx';

export interface TagFieldProps {
  readonly label: string;
  readonly tags: readonly string[];
  readonly onChange: (tags: string[]) => void;
  readonly hint?: string;
  readonly error?: string | undefined;
  /** What one of them is called. Only tags are completed from those of the brand. */
  readonly noun?: 'tag' | 'mood' | 'style';
  /** A tag's own act, such as filtering by it. */
  readonly onPressTag?: (tag: string) => void;
}

const CHOICES = 6;

/** Tags of the brand that go on from what is typed, without those that are there. */
function useTagChoices(text: string, tags: readonly string[]) {
  const b = useBrand();
  const prefix = useDeferredValue(text.trim().toLowerCase());
  const { data } = useQuery({
    queryKey: [b, 'tags', prefix],
    queryFn: ({ signal }) => client.call('tags.list', { b, prefix, limit: CHOICES + 4 }, signal),
    enabled: prefix !== '',
    staleTime: 10_000,
  });
  if (prefix === '' || text.trim() === '') return [];
  return (data?.items ?? []).filter(({ tag }) => !tags.includes(tag)).slice(0, CHOICES);
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
export function TagField(props: TagFieldProps) {
  const { label, tags, onChange, hint, error, noun = 'tag', onPressTag } = props;
  const isPlain = noun !== 'tag';
  const [text, setText] = useState('');
  const [at, setAt] = useState(-1);
  const choices = useTagChoices(isPlain ? '' : text, tags);
  const active = choices[at];
  const input = useRef<HTMLInputElement>(null);
  const id = useId();

  function add(word: string): void {
    const merged = mergeTags(tags, word);
    setText('');
    setAt(-1);
    if (merged.length !== tags.length) onChange(merged);
  }

  function onKeyDown(event: React.KeyboardEvent): void {
    if (event.nativeEvent.isComposing) return;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Enter' || event.key === ',') {
      event.preventDefault();
      add(active === undefined || event.key === ',' ? text : active.tag);
    } else if (step !== undefined && choices.length > 0) {
      event.preventDefault();
      setAt((at + step + choices.length + (at < 0 && step < 0 ? 1 : 0)) % choices.length);
    } else if (event.key === 'Escape' && choices.length > 0) {
      event.stopPropagation();
      setText('');
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
            noun={noun}
            onRemove={() => onChange(tags.filter((other) => other !== tag))}
            onPress={onPressTag}
          />
        ))}
        <input
          ref={input}
          id={id}
          value={text}
          onChange={(event) => {
            setText(event.target.value);
            setAt(-1);
          }}
          onKeyDown={onKeyDown}
          onPaste={(event) => {
            const pasted = event.clipboardData.getData('text');
            if (!/[,\n;]/.test(pasted)) return;
            event.preventDefault();
            onChange(mergeTags(tags, `${text},${pasted}`));
            setText('');
          }}
          onBlur={() => add(text)}
          aria-describedby={`${id}-hint`}
          {...(isPlain
            ? {}
            : {
                role: 'combobox',
                'aria-autocomplete': 'list' as const,
                'aria-expanded': choices.length > 0,
                ...(choices.length === 0 ? {} : { 'aria-controls': `${id}-list` }),
                'aria-activedescendant': active === undefined ? undefined : `${id}-${at}`,
              })}
          placeholder={tags.length === 0 ? 'Type and press Enter' : ''}
          className="h-6 min-w-12 flex-1 outline-none"
        />
      </div>
      {choices.length === 0 ? null : (
        <div id={`${id}-list`} role="listbox" aria-label="Used before" className="relative">
          <div className="popover absolute inset-x-0 top-1 z-20 p-1" role="presentation">
            {choices.map((choice, index) => (
              <div
                key={choice.tag}
                id={`${id}-${index}`}
                role="option"
                aria-selected={index === at}
                className={`flex min-h-8 cursor-default items-center justify-between gap-2 rounded-md px-2 max-md:min-h-11 ${index === at ? 'bg-hover' : ''}`}
                // Before the field is left, which would add the letters typed so far.
                onPointerDown={(event) => {
                  event.preventDefault();
                  add(choice.tag);
                }}
              >
                <span className="truncate">{choice.tag}</span>
                <span className="text-label text-muted">{formatCount(choice.count)}</span>
              </div>
            ))}
          </div>
        </div>
      )}
      <p id={`${id}-hint`} className={`text-label ${error === undefined ? 'text-muted' : 'text-bad'}`}>
        {error ?? hint}
      </p>
    </div>
  );
}

function Tag(props: {
  readonly tag: string;
  readonly noun: string;
  readonly onRemove: () => void;
  readonly onPress: ((tag: string) => void) | undefined;
}) {
  const { tag, noun, onRemove, onPress } = props;
  return (
    <span className="flex max-w-full items-center rounded-sm bg-hover pl-2">
      {onPress === undefined ? (
        <span className="truncate">{tag}</span>
      ) : (
        <button
          type="button"
          className="truncate hover:underline"
          onClick={() => onPress(tag)}
          title={`Show all with the ${noun} ${tag}`}
        >
          {tag}
        </button>
      )}
      <button
        type="button"
        aria-label={`Remove ${noun} ${tag}`}
        onClick={onRemove}
        className="grid size-6 shrink-0 place-items-center rounded-sm text-muted hover:text-text max-md:size-9"
      >
        <X size={12} aria-hidden />
      </button>
    </span>
  );
}

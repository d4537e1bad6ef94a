import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { create } from 'zustand';
import { useShortcuts } from '../keys/registry.ts';
import { Button, IconButton } from '../ui/button.tsx';

export interface ToastMessage {
  readonly text: string;
  readonly tone?: 'plain' | 'good' | 'bad';
  readonly action?: { readonly label: string; readonly run: () => void };
}
interface Shown extends ToastMessage {
  readonly id: number;
}

/** The word that makes an action answer to Ctrl+Z as well. */
export const UNDO = 'Undo';
const SHOWN_MS = 6000;
/** Longer with an act to take: at least eight seconds to notice, read and reach it. */
const SHOWN_WITH_ACTION_MS = 10_000;
const SHOWN_AT_ONCE = 4;
const UNDOS_KEPT = 50;

const useToasts = create<{ readonly list: readonly Shown[] }>()(() => ({ list: [] }));
/** Undos outlive their toast: Ctrl+Z takes back the newest one even after it has faded. */
const undos: Shown[] = [];
let next = 0;

/** Tells the person something without taking the focus. */
export function toast(message: ToastMessage): void {
  const shown = { ...message, id: next };
  next += 1;
  if (message.action?.label === UNDO) {
    undos.push(shown);
    if (undos.length > UNDOS_KEPT) undos.shift();
  }
  useToasts.setState(({ list }) => ({ list: [...list, shown].slice(-SHOWN_AT_ONCE) }));
}

function dismiss(id: number): void {
  useToasts.setState(({ list }) => ({ list: list.filter((one) => one.id !== id) }));
}

function run(one: Shown): void {
  const place = undos.indexOf(one);
  if (place !== -1) undos.splice(place, 1);
  dismiss(one.id);
  one.action?.run();
}

/** Forgets what Ctrl+Z would take back; undos of another brand would act out of sight. */
export function clearUndos(): void {
  undos.length = 0;
}

export function Toasts() {
  const list = useToasts((state) => state.list);
  useShortcuts([
    {
      id: 'undo',
      keys: 'Mod+z',
      label: 'Undo the last change',
      run: () => {
        const newest = undos.at(-1);
        if (newest !== undefined) run(newest);
      },
    },
  ]);
  return (
    <div
      role="region"
      aria-label="Messages"
      className="pointer-events-none fixed bottom-28 left-1/2 z-60 flex w-full max-w-lg -translate-x-1/2 flex-col gap-2 px-4 max-md:bottom-32"
    >
      <div
        role="status"
        aria-live="polite"
        aria-relevant="additions"
        className="flex flex-col items-center gap-2"
      >
        {list.map((one) => (
          <Toast key={one.id} one={one} />
        ))}
      </div>
    </div>
  );
}

const ICONS = { plain: Info, good: CircleCheck, bad: CircleAlert } as const;
const ICON_CLASS = { plain: 'text-muted', good: 'text-good', bad: 'text-bad' } as const;

function Toast({ one }: { readonly one: Shown }) {
  const [held, setHeld] = useState(false);
  const { text, tone = 'plain', action } = one;
  useEffect(() => {
    // It stays while the pointer or the focus is on it.
    if (held) return;
    const timer = setTimeout(() => dismiss(one.id), action === undefined ? SHOWN_MS : SHOWN_WITH_ACTION_MS);
    return () => clearTimeout(timer);
  }, [held, one.id, action]);
  const Icon = ICONS[tone];
  return (
    <div
      className="popover pointer-events-auto flex min-h-11 max-w-full items-center gap-3 py-1 pr-1 pl-3"
      onPointerEnter={() => setHeld(true)}
      onPointerLeave={() => setHeld(false)}
      onFocus={() => setHeld(true)}
      onBlur={() => setHeld(false)}
    >
      <Icon size={16} aria-hidden className={`shrink-0 ${ICON_CLASS[tone]}`} />
      <p className="min-w-0 py-1.5 break-words">{text}</p>
      {action === undefined ? null : (
        <Button small tone="quiet" className="text-accent" onPress={() => run(one)}>
          {action.label}
        </Button>
      )}
      <IconButton small label="Dismiss" onPress={() => dismiss(one.id)}>
        <X size={14} aria-hidden />
      </IconButton>
    </div>
  );
}

import { ChevronRight } from 'lucide-react';
import { useId, useState } from 'react';
import type { ReactNode } from 'react';
import { Button } from '../ui/button.tsx';
import { explain } from '../data/client.ts';

/** A part that opens; what it holds is asked for only then. */
export function Section(props: {
  readonly title: string;
  readonly note?: string;
  readonly isOpen?: boolean;
  readonly children: () => ReactNode;
}) {
  const [open, setOpen] = useState(props.isOpen ?? false);
  const id = useId();
  return (
    <section className="border-t border-line">
      <h3>
        <button
          type="button"
          aria-expanded={open}
          aria-controls={id}
          onClick={() => setOpen(!open)}
          className="flex h-10 w-full items-center gap-2 text-left font-semibold max-md:h-11"
        >
          <ChevronRight size={14} aria-hidden className={`text-muted ${open ? 'rotate-90' : ''}`} />
          {props.title}
          {props.note === undefined ? null : <span className="font-normal text-muted">{props.note}</span>}
        </button>
      </h3>
      <div id={id} className="pb-3" hidden={!open}>
        {open ? props.children() : null}
      </div>
    </section>
  );
}

/** One sentence for a part that is empty, loading or failed. */
export function Quiet({ children }: { readonly children: ReactNode }) {
  return <p className="text-muted">{children}</p>;
}

export function Failed({ error, retry }: { readonly error: unknown; readonly retry: () => void }) {
  return (
    <div role="alert" className="flex items-center justify-between gap-2 text-bad">
      <span>{explain(error)}</span>
      <Button small onPress={retry}>
        Try again
      </Button>
    </div>
  );
}

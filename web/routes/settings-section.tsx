import type { ReactNode } from 'react';

export function Section(props: {
  readonly title: string;
  readonly lead?: string;
  readonly children: ReactNode;
}) {
  return (
    <section className="flex flex-col gap-3" aria-label={props.title}>
      <div>
        <h2 className="text-title">{props.title}</h2>
        {props.lead === undefined ? null : <p className="text-muted">{props.lead}</p>}
      </div>
      {props.children}
    </section>
  );
}

import type { ReactNode } from 'react';
import { Switch as AriaSwitch } from 'react-aria-components';

export function Switch(props: {
  readonly isSelected: boolean;
  readonly onChange: (selected: boolean) => void;
  readonly isDisabled?: boolean;
  readonly children: ReactNode;
}) {
  return (
    <AriaSwitch
      isSelected={props.isSelected}
      onChange={props.onChange}
      isDisabled={props.isDisabled ?? false}
      className="group flex min-h-8 items-center gap-2.5 data-[disabled]:opacity-40 max-md:min-h-11"
    >
      <span
        aria-hidden
        className="flex h-5 w-9 shrink-0 items-center rounded-full border border-edge bg-bg p-0.5 group-data-[focus-visible]:outline-2 group-data-[focus-visible]:outline-text group-data-[selected]:border-accent group-data-[selected]:bg-accent"
      >
        <span className="size-3.5 rounded-full bg-muted transition-transform duration-120 group-data-[selected]:translate-x-4 group-data-[selected]:bg-on-accent" />
      </span>
      {props.children}
    </AriaSwitch>
  );
}

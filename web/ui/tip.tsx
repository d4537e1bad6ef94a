import type { ReactNode } from 'react';
import { Tooltip, TooltipTrigger } from 'react-aria-components';

/** A tooltip on hover and keyboard focus around one React Aria control. */
export function Tip({ text, children }: { readonly text: string; readonly children: ReactNode }) {
  return (
    <TooltipTrigger delay={500} closeDelay={0}>
      {children}
      <Tooltip offset={6} className="popover pointer-events-none max-w-72 px-2 py-1 text-label">
        {text}
      </Tooltip>
    </TooltipTrigger>
  );
}

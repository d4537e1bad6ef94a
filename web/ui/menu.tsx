import { Check } from 'lucide-react';
import type { ReactElement, ReactNode } from 'react';
import { Menu as AriaMenu, MenuItem, MenuTrigger, Popover } from 'react-aria-components';

export interface MenuAction {
  readonly id: string;
  readonly label: string;
  readonly icon?: ReactNode;
  readonly run: () => void;
  readonly bad?: boolean;
  readonly isDisabled?: boolean;
  /** Of several of which one holds: whether it is this. */
  readonly isCurrent?: boolean;
}

/** A menu of acts behind one button; the button is the only child. */
export function Menu(props: {
  readonly label: string;
  readonly actions: readonly MenuAction[];
  readonly children: ReactElement;
}) {
  return (
    <MenuTrigger>
      {props.children}
      <Popover className="popover min-w-44 p-1">
        <AriaMenu aria-label={props.label} className="outline-none">
          {props.actions.map((action) => (
            <MenuItem
              key={action.id}
              id={action.id}
              textValue={action.label}
              onAction={action.run}
              isDisabled={action.isDisabled ?? false}
              className={`option ${action.bad === true ? 'text-bad' : ''}`}
            >
              {action.icon}
              {action.isCurrent === undefined ? null : (
                <Check size={14} aria-hidden className={action.isCurrent ? 'text-accent' : 'invisible'} />
              )}
              {action.label}
            </MenuItem>
          ))}
        </AriaMenu>
      </Popover>
    </MenuTrigger>
  );
}

import { Lock, LockOpen } from 'lucide-react';
import { createContext, useContext } from 'react';
import type { ReactNode } from 'react';
import type { AssetChange } from '../../client/index.ts';
import { Tip } from '../ui/tip.tsx';
import { Button as AriaButton } from 'react-aria-components';

export type Lockable = keyof NonNullable<AssetChange['lock']>;

interface Locks {
  readonly locked: readonly string[];
  readonly save: (change: AssetChange) => void;
}

/** Locks of the asset whose fields are shown below. */
export const LocksContext = createContext<Locks | null>(null);

/**
 * A field with its lock, after it in the order of the keyboard. An open lock shows on approach, so that fourteen of them
 * do not stand between a person and the words.
 */
export function Lockable(props: {
  readonly field: Lockable;
  readonly label: string;
  readonly children: ReactNode;
}) {
  const { field, label, children } = props;
  const locks = useContext(LocksContext);
  if (locks === null) return <div>{children}</div>;
  const isLocked = locks.locked.includes(field);
  const Icon = isLocked ? Lock : LockOpen;
  return (
    <div className="lockable relative">
      {children}
      <Tip
        text={
          isLocked
            ? 'Locked: only people change it. Press to unlock.'
            : 'Lock it, so that only people change it'
        }
      >
        <AriaButton
          aria-pressed={isLocked}
          onPress={() => locks.save({ lock: { [field]: !isLocked } })}
          className={`lock ${isLocked ? 'lock-on' : ''}`}
        >
          <Icon size={12} aria-hidden />
          <span className="sr-only">Lock {label}</span>
        </AriaButton>
      </Tip>
    </div>
  );
}

import { Button as AriaButton } from 'react-aria-components';
import type { ButtonProps as AriaButtonProps } from 'react-aria-components';
import { Tip } from './tip.tsx';

const TONES = { plain: '', main: 'btn-main', quiet: 'btn-quiet', bad: 'btn-bad' } as const;

export interface ButtonProps extends Omit<AriaButtonProps, 'className'> {
  /** `main` is the one main act of a view; `bad` deletes for ever. */
  readonly tone?: keyof typeof TONES;
  readonly small?: boolean;
  readonly className?: string;
}

export function Button({ tone = 'plain', small = false, className = '', ...rest }: ButtonProps) {
  return <AriaButton {...rest} className={`btn ${TONES[tone]} ${small ? 'btn-small' : ''} ${className}`} />;
}

export interface IconButtonProps extends ButtonProps {
  /** Spoken, and shown as a tooltip: an icon alone names nothing. */
  readonly label: string;
}

export function IconButton({ label, tone = 'quiet', className = '', ...rest }: IconButtonProps) {
  return (
    <Tip text={label}>
      <Button {...rest} tone={tone} aria-label={label} className={`btn-icon ${className}`} />
    </Tip>
  );
}

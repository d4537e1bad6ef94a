import type { ReactNode } from 'react';
import {
  FieldError,
  Input,
  Label,
  Text,
  TextArea as AriaTextArea,
  TextField as AriaTextField,
} from 'react-aria-components';
import type { TextFieldProps as AriaTextFieldProps } from 'react-aria-components';

export interface TextFieldProps extends Omit<AriaTextFieldProps, 'children' | 'className'> {
  readonly label: string;
  readonly hideLabel?: boolean;
  readonly hint?: string;
  readonly error?: string | undefined;
  readonly placeholder?: string;
  readonly className?: string;
  /** Shown inside the field before the text. */
  readonly icon?: ReactNode;
}

export const LABEL_CLASS = 'mb-1 block text-label font-medium text-muted';

function FieldFrame(props: TextFieldProps & { readonly children: ReactNode }) {
  const { label, hideLabel = false, hint, error, className = '', children, icon: _icon, ...rest } = props;
  return (
    <AriaTextField
      {...rest}
      className={`block ${className}`}
      isInvalid={error !== undefined || rest.isInvalid === true}
      {...(hideLabel ? { 'aria-label': label } : {})}
    >
      {hideLabel ? null : <Label className={LABEL_CLASS}>{label}</Label>}
      {children}
      {hint === undefined ? null : (
        <Text slot="description" className="mt-1 block text-label text-muted">
          {hint}
        </Text>
      )}
      <FieldError className="mt-1 block text-label text-bad">{error}</FieldError>
    </AriaTextField>
  );
}

export function TextField({ placeholder, ...props }: TextFieldProps) {
  return (
    <FieldFrame {...props}>
      <div className="field">
        {props.icon}
        <Input
          className="h-8 w-full flex-1 outline-none"
          {...(placeholder === undefined ? {} : { placeholder })}
        />
      </div>
    </FieldFrame>
  );
}

export interface TextAreaProps extends TextFieldProps {
  readonly rows?: number;
}

export function TextArea({ placeholder, rows = 3, ...props }: TextAreaProps) {
  return (
    <FieldFrame {...props}>
      <AriaTextArea className="field" rows={rows} {...(placeholder === undefined ? {} : { placeholder })} />
    </FieldFrame>
  );
}

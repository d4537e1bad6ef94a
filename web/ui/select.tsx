import { Check, ChevronDown } from 'lucide-react';
import {
  Button,
  Header,
  Label,
  ListBox,
  ListBoxItem,
  ListBoxSection,
  Popover,
  Select as AriaSelect,
  SelectValue,
} from 'react-aria-components';
import { LABEL_CLASS } from './field.tsx';

export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
}
export interface ChoiceGroup<T extends string> {
  readonly title: string;
  readonly choices: readonly Choice<T>[];
}

export interface SelectProps<T extends string> {
  readonly label: string;
  /** The label is spoken only; with `prefix` it stands before the value inside the button. */
  readonly hideLabel?: boolean;
  readonly prefix?: string;
  readonly value: T | null;
  readonly onChange: (value: T) => void;
  readonly choices: readonly Choice<T>[] | readonly ChoiceGroup<T>[];
  readonly placeholder?: string;
  readonly isDisabled?: boolean;
  readonly small?: boolean;
  readonly className?: string;
}

function isGroup<T extends string>(item: Choice<T> | ChoiceGroup<T>): item is ChoiceGroup<T> {
  return 'choices' in item;
}

export function Select<T extends string>(props: SelectProps<T>) {
  const flat = props.choices.flatMap((item) => (isGroup(item) ? item.choices : [item]));
  return (
    <AriaSelect
      className={props.className ?? ''}
      aria-label={props.label}
      value={props.value}
      isDisabled={props.isDisabled ?? false}
      placeholder={props.placeholder ?? 'Choose'}
      onChange={(key) => {
        const found = flat.find((choice) => choice.value === key);
        if (found !== undefined) props.onChange(found.value);
      }}
    >
      {props.hideLabel === true ? null : <Label className={LABEL_CLASS}>{props.label}</Label>}
      <Button className={`btn w-full justify-between ${props.small === true ? 'btn-small' : ''}`}>
        <SelectValue className="truncate data-[placeholder]:text-muted">
          {({ selectedText, defaultChildren }) => (
            <>
              {props.prefix === undefined ? null : (
                <span className={props.value === null ? 'text-text' : 'mr-1 text-muted'}>
                  {props.prefix}{' '}
                </span>
              )}
              {selectedText === '' ? defaultChildren : (selectedText ?? defaultChildren)}
            </>
          )}
        </SelectValue>
        <ChevronDown size={14} aria-hidden className="shrink-0 text-muted" />
      </Button>
      <Popover placement="bottom end" className="popover min-w-(--trigger-width) overflow-auto p-1">
        <ListBox className="max-h-96 overflow-auto outline-none">
          {props.choices.map((item) =>
            isGroup(item) ? (
              <ListBoxSection key={item.title} id={`section:${item.title}`}>
                <Header className="px-2.5 pt-2 pb-1 text-label text-muted">{item.title}</Header>
                {item.choices.map((choice) => (
                  <Item key={choice.value} {...choice} />
                ))}
              </ListBoxSection>
            ) : (
              <Item key={item.value} {...item} />
            ),
          )}
        </ListBox>
      </Popover>
    </AriaSelect>
  );
}

function Item({ value, label }: Choice<string>) {
  return (
    <ListBoxItem id={value} textValue={label} className="option">
      {({ isSelected }) => (
        <>
          <Check size={14} aria-hidden className={isSelected ? 'text-accent' : 'invisible'} />
          {label}
        </>
      )}
    </ListBoxItem>
  );
}

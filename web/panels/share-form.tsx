import { useState } from 'react';
import type { Input, Output } from '../../client/index.ts';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { Switch } from '../ui/switch.tsx';

export type ShareTerms = Pick<Input<'shares.update'>, 'password' | 'expiresAt' | 'allowDownload'>;

const DAY = 86_400_000;
const ENDS = [
  { value: 'never', label: 'Never' },
  { value: '1', label: 'After a day' },
  { value: '7', label: 'After a week' },
  { value: '30', label: 'After 30 days' },
  { value: 'date', label: 'On a date …' },
] as const;
type End = (typeof ENDS)[number]['value'] | 'keep';

/** What a link allows. Of one that exists, what is not touched stays. */
export function ShareForm(props: {
  readonly act: string;
  readonly share?: Output<'shares.create'>;
  readonly isDisabled: boolean;
  readonly onDone: (terms: ShareTerms) => void;
}) {
  const { act, share, isDisabled, onDone } = props;
  const [end, setEnd] = useState<End>(share === undefined || share.expiresAt === null ? 'never' : 'keep');
  const [date, setDate] = useState('');
  const [password, setPassword] = useState('');
  const [isLocked, setLocked] = useState(share?.hasPassword ?? false);
  const [allowDownload, setAllowDownload] = useState(share?.allowDownload ?? false);
  const keepsPassword = share?.hasPassword === true && password === '';
  const isShort = isLocked && !keepsPassword && password.length < 6;
  const isMissing = end === 'date' && !(Date.parse(endOf(date)) > Date.now());

  function done(): void {
    onDone({
      allowDownload,
      ...(isLocked ? (keepsPassword ? {} : { password }) : { password: null }),
      ...(end === 'keep' ? {} : { expiresAt: end === 'never' ? null : timeOf(end, date) }),
    });
    setPassword('');
  }

  return (
    <form
      className="flex flex-col gap-3 rounded-md border border-line p-3"
      onSubmit={(event) => {
        event.preventDefault();
        if (!isShort && !isMissing) done();
      }}
    >
      <div className="flex flex-wrap items-end gap-3">
        <Select
          label="Ends"
          className="w-44"
          value={end}
          choices={end === 'keep' ? [{ value: 'keep', label: 'As it is' }, ...ENDS] : ENDS}
          onChange={setEnd}
        />
        {end === 'date' ? (
          <TextField label="Last day" type="date" value={date} onChange={setDate} className="w-44" />
        ) : null}
        <Switch isSelected={allowDownload} onChange={setAllowDownload}>
          Allow downloads
        </Switch>
        <Switch isSelected={isLocked} onChange={setLocked}>
          Ask for a password
        </Switch>
      </div>
      {isLocked ? (
        <TextField
          label="Password"
          value={password}
          onChange={setPassword}
          maxLength={200}
          autoComplete="off"
          hint={
            share?.hasPassword === true
              ? 'Leave it empty to keep the one it has.'
              : 'At least 6 characters. Send it by another way than the link.'
          }
        />
      ) : null}
      <div className="flex justify-end">
        <Button type="submit" tone="main" isDisabled={isDisabled || isShort || isMissing}>
          {act}
        </Button>
      </div>
    </form>
  );
}

/** A day ends where the person who chose it lives. */
function endOf(date: string): string {
  return `${date}T23:59:59`;
}

function timeOf(end: End, date: string): string {
  const time = end === 'date' ? new Date(endOf(date)) : new Date(Date.now() + Number(end) * DAY);
  return time.toISOString();
}

import { useState } from 'react';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { LABEL_CLASS } from '../ui/field.tsx';

/** Asks for a date; the browser's own field knows every calendar and keyboard. */
export function GoToDate(props: { readonly onClose: () => void; readonly onGo: (date: Date) => void }) {
  const { onClose, onGo } = props;
  const [text, setText] = useState(() => new Date().toLocaleDateString('sv'));
  const date = new Date(`${text}T00:00:00`);
  const isGood = !Number.isNaN(date.getTime());
  return (
    <Dialog
      title="Go to a date"
      isOpen
      onClose={onClose}
      foot={
        <>
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="main" isDisabled={!isGood} onPress={() => onGo(date)}>
            Go there
          </Button>
        </>
      }
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (isGood) onGo(date);
        }}
      >
        <label>
          <span className={LABEL_CLASS}>Date of arrival</span>
          <span className="field">
            <input
              type="date"
              autoFocus
              value={text}
              onChange={(event) => setText(event.target.value)}
              className="h-8 w-full outline-none"
            />
          </span>
        </label>
      </form>
    </Dialog>
  );
}

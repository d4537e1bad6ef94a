import { Link, Upload } from 'lucide-react';
import { memo, useState } from 'react';
import { Button } from '../ui/button.tsx';
import { TextField } from '../ui/field.tsx';
import { addAddresses, addChosen, addHandles } from './adding.ts';
import { addressesIn } from './paste.ts';
import { PickButtons } from './pick.tsx';

export interface PickMoreProps {
  readonly brand: string;
  /** Large and inviting while the list is empty. */
  readonly isLarge: boolean;
}

/** The way to more files; dropping and pasting work anywhere on the page. Painted once, not with every progress. */
export const PickMore = memo(function PickMore({ brand, isLarge }: PickMoreProps) {
  const [isAsking, setAsking] = useState(false);
  const ways = (
    <>
      <PickButtons
        name="upload"
        isMain={isLarge}
        onFiles={(files) => void addChosen(brand, files)}
        onHandles={(handles) => void addHandles(brand, handles)}
      >
        <Button aria-expanded={isAsking} onPress={() => setAsking(!isAsking)}>
          <Link size={15} aria-hidden /> Web address
        </Button>
      </PickButtons>
      {isAsking ? (
        <AddressForm
          onAddresses={(addresses) => addAddresses(brand, addresses)}
          onClose={() => setAsking(false)}
        />
      ) : null}
    </>
  );
  if (!isLarge) return ways;
  return (
    <div className="flex flex-col items-center gap-2 rounded-lg border border-dashed border-edge px-4 py-6 text-center">
      <Upload size={24} aria-hidden className="text-muted" />
      <p className="pointer-coarse:hidden">
        Drop files or folders anywhere on this page
        <span className="block text-muted">or paste pictures, files or web addresses with Ctrl+V</span>
      </p>
      {ways}
    </div>
  );
});

/** The server fetches what stands here; several addresses are parted by spaces. */
function AddressForm(props: {
  readonly onAddresses: (addresses: readonly string[]) => void;
  readonly onClose: () => void;
}) {
  const [text, setText] = useState('');
  const [error, setError] = useState<string | undefined>();
  function send(): void {
    const addresses = addressesIn(text);
    if (addresses.length === 0)
      return setError('Write the whole address of a file, such as https://example.com/logo.svg');
    props.onAddresses(addresses);
    props.onClose();
  }
  return (
    <form
      className="mt-2 flex w-full items-start gap-2 text-left"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      <TextField
        label="Web addresses of files"
        hideLabel
        autoFocus
        className="min-w-0 flex-1"
        placeholder="https://…"
        value={text}
        error={error}
        onChange={(value) => {
          setText(value);
          setError(undefined);
        }}
        onKeyDown={(event) => (event.key === 'Escape' ? props.onClose() : undefined)}
      />
      <Button type="submit">Fetch</Button>
    </form>
  );
}

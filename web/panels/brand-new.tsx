import { useState } from 'react';
import { SESSION_KEY, client, explain, queryClient } from '../data/client.ts';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { shortName } from './brand-words.ts';

export interface NewBrandProps {
  readonly onClose: () => void;
  /** The brand is there and may be entered. */
  readonly onMade: (slug: string) => void;
}

/** Asks for the name of a brand; its short name for addresses follows, until somebody writes another. */
export function NewBrand({ onClose, onMade }: NewBrandProps) {
  const [name, setName] = useState('');
  const [own, setOwn] = useState<string | null>(null);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const slug = own ?? shortName(name);
  const isReady = name.trim() !== '' && slug !== '' && !busy;
  async function make(): Promise<void> {
    setBusy(true);
    try {
      const brand = await client.call('brands.create', { name: name.trim(), slug });
      await queryClient.invalidateQueries({ queryKey: SESSION_KEY });
      onMade(brand.slug);
    } catch (cause) {
      setError(explain(cause));
      setBusy(false);
    }
  }
  return (
    <Dialog title="New brand" isOpen onClose={onClose}>
      <form
        className="flex flex-col gap-4"
        onSubmit={(event) => {
          event.preventDefault();
          if (isReady) void make();
        }}
      >
        <p className="text-muted">
          A brand is a wall: its assets, tags and figures are seen in no other. All brands share the storage.
        </p>
        <TextField
          label="Name"
          // The dialog was opened to type this name.
          autoFocus
          value={name}
          maxLength={200}
          onChange={(text) => {
            setName(text);
            setError(undefined);
          }}
        />
        <TextField
          label="Short name in addresses"
          value={slug}
          maxLength={63}
          error={error}
          hint="Small letters, digits and hyphens. It stays, also when the name changes."
          onChange={(text) => {
            setOwn(shortName(text, true));
            setError(undefined);
          }}
        />
        <div className="flex justify-end gap-2">
          <Button onPress={onClose}>Cancel</Button>
          <Button tone="main" type="submit" isDisabled={!isReady}>
            Make the brand
          </Button>
        </div>
      </form>
    </Dialog>
  );
}

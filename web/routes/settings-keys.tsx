import { useQuery } from '@tanstack/react-query';
import { Copy } from 'lucide-react';
import { useState } from 'react';
import type { Input, Output } from '../../client/index.ts';
import { client, explain, queryClient, queryKeys } from '../data/client.ts';
import { useBrand } from '../data/session.tsx';
import { formatDate, formatRelative } from '../i18n/format.ts';
import { toast } from '../panels/toast.tsx';
import { Button } from '../ui/button.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { TextField } from '../ui/field.tsx';
import { Select } from '../ui/select.tsx';
import { Section } from './settings-section.tsx';

type Role = Input<'keys.create'>['role'];
type Key = Output<'keys.list'>['items'][number];

const ROLE_WORDS: Readonly<Record<Role, string>> = {
  viewer: 'Read only',
  contributor: 'Read and add',
  editor: 'Read, add and delete',
  owner: 'Everything',
};

/** Keys for agents and scripts, each for this brand alone. */
export function ApiKeys() {
  const b = useBrand();
  const { data, error } = useQuery({
    queryKey: queryKeys.keys(b),
    queryFn: ({ signal }) => client.call('keys.list', { b }, signal),
  });
  const [revoking, setRevoking] = useState<Key | null>(null);
  const revoke = async (key: Key) => {
    setRevoking(null);
    try {
      await client.call('keys.revoke', { b, id: key.id });
      toast({ text: `The key “${key.name}” no longer works.`, tone: 'good' });
    } catch (failure) {
      toast({ text: `The key still works. ${explain(failure)}`, tone: 'bad' });
    }
    await queryClient.invalidateQueries({ queryKey: queryKeys.keys(b) });
  };
  return (
    <Section
      title="API keys"
      lead="For agents and scripts. A key opens this brand only and works until it is revoked."
    >
      <NewKey b={b} />
      {error === null ? null : <p className="text-bad">{explain(error)}</p>}
      {data?.items.length === 0 ? <p className="text-muted">There are no keys yet.</p> : null}
      <ul aria-label="Keys">
        {data?.items.map((key) => (
          <li key={key.id} className="flex min-h-11 items-center gap-4 border-b border-line py-1">
            <div className={`min-w-0 flex-1 ${key.revokedAt === null ? '' : 'line-through opacity-60'}`}>
              <p className="truncate font-medium">{key.name}</p>
              <p className="truncate text-label text-muted">
                {key.prefix}… · {ROLE_WORDS[key.role]} · made {formatDate(key.createdAt)} ·{' '}
                {key.lastUsedAt === null ? 'never used' : `used ${formatRelative(key.lastUsedAt)}`}
              </p>
            </div>
            {key.revokedAt === null ? (
              <Button small tone="bad" onPress={() => setRevoking(key)}>
                Revoke
              </Button>
            ) : (
              <span className="text-muted">Revoked</span>
            )}
          </li>
        ))}
      </ul>
      <Dialog
        title="Revoke this key?"
        role="alertdialog"
        isOpen={revoking !== null}
        onClose={() => setRevoking(null)}
        foot={
          <>
            <Button onPress={() => setRevoking(null)}>Keep it</Button>
            <Button tone="bad" onPress={() => (revoking === null ? undefined : void revoke(revoking))}>
              Revoke
            </Button>
          </>
        }
      >
        Whatever uses “{revoking?.name}” stops working at once. This cannot be taken back.
      </Dialog>
    </Section>
  );
}

function NewKey({ b }: { readonly b: string }) {
  const [name, setName] = useState('');
  const [role, setRole] = useState<Role>('contributor');
  const [secret, setSecret] = useState<string | null>(null);
  const [error, setError] = useState<string | null>(null);
  const create = async () => {
    setError(null);
    try {
      const made = await client.call('keys.create', { b, name: name.trim(), role });
      setSecret(made.secret);
      setName('');
      await queryClient.invalidateQueries({ queryKey: queryKeys.keys(b) });
    } catch (failure) {
      setError(explain(failure));
    }
  };
  return (
    <form
      className="flex flex-col gap-2"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') void create();
      }}
    >
      <div className="flex items-end gap-2 max-md:flex-col max-md:items-stretch">
        <TextField
          label="Name of the new key"
          value={name}
          onChange={setName}
          maxLength={100}
          className="flex-1"
        />
        <Select
          label="May do"
          className="w-52 max-md:w-full"
          value={role}
          choices={(['viewer', 'contributor', 'editor', 'owner'] as const).map((value) => ({
            value,
            label: ROLE_WORDS[value],
          }))}
          onChange={setRole}
        />
        <Button type="submit" isDisabled={name.trim() === ''}>
          Make a key
        </Button>
      </div>
      {error === null ? null : (
        <p className="text-bad" role="alert">
          No key was made. {error}
        </p>
      )}
      <Dialog
        title="Copy the key now"
        isOpen={secret !== null}
        role="alertdialog"
        onClose={() => setSecret(null)}
        foot={
          <Button tone="main" onPress={() => setSecret(null)}>
            I have kept it
          </Button>
        }
      >
        <p className="mb-3 text-muted">It is shown this once and cannot be shown again.</p>
        <div className="flex items-center gap-2">
          <code className="field min-w-0 break-all select-all">{secret}</code>
          <Button onPress={() => void copy(secret ?? '')}>
            <Copy size={15} aria-hidden />
            Copy
          </Button>
        </div>
      </Dialog>
    </form>
  );
}

async function copy(text: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(text);
    toast({ text: 'The key is in the clipboard.', tone: 'good' });
  } catch {
    toast({ text: 'The browser did not allow copying. Select the key and copy it by hand.', tone: 'bad' });
  }
}

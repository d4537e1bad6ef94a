import { useQuery } from '@tanstack/react-query';
import { CircleCheck, CircleMinus } from 'lucide-react';
import { CAPABILITIES_KEY, SESSION_KEY, client, explain, queryClient } from '../data/client.ts';
import { usePrefs } from '../data/prefs.ts';
import { useSession } from '../data/session.tsx';
import { MEDIA_WORDS, keysOf } from '../data/words.ts';
import { formatBytes } from '../i18n/format.ts';
import { useStorage } from '../panels/storage.tsx';
import { toast } from '../panels/toast.tsx';
import { Button } from '../ui/button.tsx';
import { Select } from '../ui/select.tsx';
import { ApiKeys } from './settings-keys.tsx';
import { Section } from './settings-section.tsx';

export function Settings() {
  const { verbs, name, kind } = useSession();
  return (
    <main className="min-h-0 flex-1 overflow-auto">
      <title>Settings · Backlot</title>
      <div className="mx-auto flex max-w-3xl flex-col gap-10 px-6 py-8 max-md:px-4">
        <h1 className="text-head">Settings</h1>
        <Look />
        {verbs.includes('admin') ? <ApiKeys /> : null}
        <Limits />
        <Capabilities />
        <Section title="Session" lead={`Signed in as ${name}.`}>
          {kind === 'owner' ? (
            <Button className="self-start" onPress={() => void signOut()}>
              Sign out of this browser
            </Button>
          ) : null}
        </Section>
      </div>
    </main>
  );
}

async function signOut(): Promise<void> {
  try {
    await client.call('session.end', {});
    await queryClient.resetQueries({ queryKey: SESSION_KEY });
  } catch (error) {
    toast({ text: `Still signed in. ${explain(error)}`, tone: 'bad' });
  }
}

function Look() {
  const { theme, change } = usePrefs();
  return (
    <Section title="Look" lead="Kept in this browser.">
      <Select
        label="Theme"
        className="w-60"
        value={theme}
        choices={[
          { value: 'system', label: 'As the system' },
          { value: 'dark', label: 'Dark' },
          { value: 'light', label: 'Light' },
        ]}
        onChange={(value) => change({ theme: value })}
      />
    </Section>
  );
}

function Limits() {
  const { data } = useStorage();
  if (data === undefined) return null;
  return (
    <Section
      title="Storage limits"
      lead={`${formatBytes(data.limitBytes)} in all; the trash is emptied after ${data.trash.keepDays} days. The largest single file, by media type:`}
    >
      <dl className="grid grid-cols-2 gap-x-8 md:grid-cols-3">
        {keysOf(MEDIA_WORDS).map((mediaType) => {
          const cap = data.caps[mediaType];
          return cap === undefined ? null : (
            <div key={mediaType} className="flex justify-between border-b border-line py-1.5">
              <dt className="text-muted">{MEDIA_WORDS[mediaType]}</dt>
              <dd>{formatBytes(cap)}</dd>
            </div>
          );
        })}
      </dl>
    </Section>
  );
}

function Capabilities() {
  const { data, error } = useQuery({
    queryKey: CAPABILITIES_KEY,
    queryFn: ({ signal }) => client.call('system.capabilities', {}, signal),
  });
  return (
    <Section
      title="What this server can do"
      {...(data === undefined ? {} : { lead: `Backlot ${data.version}` })}
    >
      {error === null ? null : <p className="text-bad">{explain(error)}</p>}
      <ul>
        {data?.items.map((item) => (
          <li key={item.name} className="flex gap-3 border-b border-line py-2">
            {item.available ? (
              <CircleCheck size={16} className="mt-0.5 shrink-0 text-good" aria-label="Available" />
            ) : (
              <CircleMinus size={16} className="mt-0.5 shrink-0 text-warn" aria-label="Missing" />
            )}
            <div className="min-w-0">
              <p>
                <span className="font-medium">{item.name}</span>
                {item.version === null ? null : <span className="text-muted"> {item.version}</span>}
              </p>
              <p className="text-muted">{item.gives}</p>
              {item.available || item.remedy === null ? null : <p className="text-muted">{item.remedy}</p>}
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}

import { useQueryClient } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { CircleAlert } from 'lucide-react';
import { SESSION_KEY } from '../data/client.ts';
import { Button } from '../ui/button.tsx';

/** There is no password: whoever can run a command on the server gets a link. */
export function SignIn() {
  const queries = useQueryClient();
  const search: { used?: unknown } = useSearch({ strict: false });
  const isUsed = search.used !== undefined;
  return (
    <main className="grid h-full place-items-center overflow-auto p-6">
      <div className="w-full max-w-md">
        <img src="/icon.svg" alt="" width={36} height={36} className="mb-5" />
        <h1 className="mb-2 text-head">Sign in to Backlot</h1>
        {isUsed ? (
          <p role="alert" className="mb-4 flex gap-2">
            <CircleAlert size={16} aria-hidden className="mt-0.5 shrink-0 text-bad" />
            <span>
              <strong>This link has been used or has expired.</strong> A link opens one browser only. Get a
              new one as follows, and open it here.
            </span>
          </p>
        ) : null}
        <p className="mb-4 text-muted">
          Backlot signs you in by a link instead of a password.{' '}
          {isUsed ? null : 'The server prints one when it starts. '}For a new one, run this on the server, in
          the folder of Backlot:
        </p>
        <pre className="mb-4 overflow-x-auto rounded-lg border border-line bg-panel px-4 py-3 select-all">
          <code>npx backlot sign-in</code>
        </pre>
        <p className="mb-6 text-muted">
          Open the link in this browser. It works once and for a short time; afterwards this browser stays
          signed in.
        </p>
        <Button onPress={() => void queries.invalidateQueries({ queryKey: SESSION_KEY })}>
          I have opened the link
        </Button>
      </div>
    </main>
  );
}

import type { FastifyInstance, FastifyRequest } from 'fastify';
import { Failure } from '../domain/failures.ts';
import { signIn, signOut } from '../services/credentials.ts';
import type { Deps } from '../services/deps.ts';
import { answerError } from './answers.ts';
import { SESSION_COOKIE, identify, sessionToken } from './identify.ts';

/** The one-time link trades itself for a session cookie, then the library opens. */
export function mountSignIn(app: FastifyInstance, deps: Deps): void {
  // A HEAD request only looks; it must not use the link up.
  const options = { exposeHeadRoute: false };
  app.get<{ Params: { token: string } }>('/sign-in/:token', options, async (request, reply) => {
    reply.header('cache-control', 'no-store').header('referrer-policy', 'no-referrer');
    if (isPreview(request)) {
      return reply.code(503).type('text/plain; charset=utf-8').send('Open this link to sign in.\n');
    }
    try {
      const { session, days } = await signIn(deps, request.params.token);
      const secure = deps.publicUrl().startsWith('https:') ? '; Secure' : '';
      return await reply
        .header(
          'set-cookie',
          `${SESSION_COOKIE}=${session}; Path=/; HttpOnly; SameSite=Lax; Max-Age=${days * 86_400}${secure}`,
        )
        .redirect('/library', 303);
    } catch (error) {
      if (!(error instanceof Failure)) throw error;
      const { status, body } = answerError(error, deps.log, request.id);
      // Somebody who follows a used link while signed in only wants to get in.
      const signedIn = await identify(deps, request).then(
        () => true,
        () => false,
      );
      if (signedIn) return reply.redirect('/library', 303);
      if (request.headers.accept?.includes('text/html') === true) return reply.redirect('/sign-in?used', 303);
      return reply
        .code(status)
        .type('text/plain; charset=utf-8')
        .send(`${body.error.message}\n${body.error.remedy ?? ''}\n`);
    }
  });
}

/** Whether a browser fetches ahead, before anybody has opened the link. */
function isPreview({ headers }: FastifyRequest): boolean {
  return ['purpose', 'sec-purpose', 'x-purpose', 'x-moz'].some((name) =>
    /prefetch|prerender|preview/i.test(String(headers[name] ?? '')),
  );
}

/** Ends the session on the server as well, not only in the browser. */
export function mountSignOut(app: FastifyInstance, deps: Deps): void {
  app.addHook('onSend', async (request, reply) => {
    if (request.method !== 'DELETE' || request.routeOptions.url?.endsWith('/session') !== true) return;
    const token = sessionToken(request);
    if (token === null || reply.statusCode !== 200) return;
    await signOut(deps, token);
    reply.header('set-cookie', `${SESSION_COOKIE}=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0`);
  });
}

import { lookup as resolveName } from 'node:dns/promises';
import type { LookupAddress } from 'node:dns';
import { request as plainRequest } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { request as secureRequest } from 'node:https';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Why an address was not read: `refused` may not be asked at all, the others were asked and gave nothing usable. */
export type OutboundReason = 'refused' | 'unreachable' | 'status' | 'redirects' | 'silent' | 'slow';

export class OutboundError extends Error {
  readonly reason: OutboundReason;
  /** The status that the other side answered with. */
  readonly status: number | null;

  constructor(reason: OutboundReason, message: string, more: { status?: number; cause?: unknown } = {}) {
    super(message, more.cause === undefined ? undefined : { cause: more.cause });
    this.name = 'OutboundError';
    this.reason = reason;
    this.status = more.status ?? null;
  }
}

/** All addresses of a name, asked once for each hop. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export interface OutboundOptions {
  /** Hosts (`name` or `name:port`) that may lie on private addresses. */
  readonly allow: readonly string[];
  readonly resolve?: Resolve;
  /** Milliseconds without a byte, at every stage; twice that until an answer has begun. */
  readonly silenceMs?: number;
}

export interface Opened {
  readonly response: IncomingMessage;
  /** Where the answer came from, after redirects. */
  readonly url: URL;
}

/** Reads addresses that people and programs hand in, without becoming their way into the network it stands in. */
export interface Outbound {
  open(url: string, signal: AbortSignal): Promise<Opened>;
}

const REDIRECTS_MAX = 3;
const SILENCE_MS = 30_000;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** What a host of the allow-list may resolve to besides public addresses; link-local (metadata services) stays closed. */
const PRIVATE = new Set(['private', 'loopback', 'uniqueLocal', 'carrierGradeNat']);

export function createOutbound(options: OutboundOptions): Outbound {
  const allow = new Set(options.allow.map((host) => host.toLowerCase()));
  const resolve = options.resolve ?? ((host: string) => resolveName(host, { all: true, verbatim: true }));
  const silence = options.silenceMs ?? SILENCE_MS;

  async function hop(url: URL, signal: AbortSignal): Promise<IncomingMessage> {
    const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
    const trusted = allow.has(host) || allow.has(`${host}:${url.port || DEFAULT_PORT[url.protocol]}`);
    const addresses = await addressesOf(host, resolve);
    // One forbidden address among good ones is how a name is made to turn round between the look and the call.
    const bad = addresses.find(({ address }) => !mayReach(address, trusted));
    if (bad !== undefined) {
      throw new OutboundError('refused', `${url.hostname} leads to an internal address.`);
    }
    return ask(url, { addresses, signal, silence });
  }

  return {
    async open(text, signal) {
      let url = readAddress(text);
      for (let turns = 0; turns <= REDIRECTS_MAX; turns += 1) {
        const response = await hop(url, signal);
        const status = response.statusCode ?? 0;
        const next = REDIRECTS.has(status) ? response.headers.location : undefined;
        if (next === undefined) {
          if (status >= 200 && status < 300 && status !== 204 && status !== 206) return { response, url };
          response.destroy();
          throw new OutboundError('status', `The address answered ${status}.`, { status });
        }
        response.destroy();
        url = follow(url, next);
      }
      throw new OutboundError('redirects', `The address was redirected more than ${REDIRECTS_MAX} times.`);
    },
  };
}

/** All that has been given out of IPv6 so far; the rest is translation, compatibility and the unknown. */
const PUBLIC_IPV6 = ipaddr.IPv6.parse('2000::');
const DEFAULT_PORT: Readonly<Record<string, string>> = { 'http:': '80', 'https:': '443' };

/** The address as it is asked for; only what a browser's address bar would take without a password. */
export function readAddress(text: string, base?: URL): URL {
  if (!URL.canParse(text, base?.href)) throw new OutboundError('refused', 'This is not an address.');
  const url = new URL(text, base?.href);
  if (!(url.protocol in DEFAULT_PORT)) {
    throw new OutboundError('refused', `Only http and https addresses are read, not ${url.protocol}`);
  }
  if (url.username !== '' || url.password !== '') {
    throw new OutboundError('refused', 'Addresses with a user name or password are not read.');
  }
  url.hash = '';
  return url;
}

function follow(from: URL, location: string): URL {
  const to = readAddress(location, from);
  if (from.protocol === 'https:' && to.protocol === 'http:') {
    throw new OutboundError('refused', 'The address redirects from https to http.');
  }
  return to;
}

async function addressesOf(host: string, resolve: Resolve): Promise<readonly LookupAddress[]> {
  const family = isIP(host);
  if (family !== 0) return [{ address: host, family }];
  const found = await resolve(host).catch((cause: unknown) => {
    throw new OutboundError('unreachable', `There is no host ${host}.`, { cause });
  });
  if (found.length === 0) throw new OutboundError('unreachable', `There is no host ${host}.`);
  return found;
}

/** Whether an IP address is public, or private and trusted. IPv4 inside IPv6 counts as what it leads to. */
export function mayReach(address: string, trusted: boolean): boolean {
  if (!ipaddr.isValid(address)) return false;
  const ip = ipaddr.process(address);
  const range = ip.range();
  if (range === 'unicast') return !(ip instanceof ipaddr.IPv6) || ip.match(PUBLIC_IPV6, 3);
  return trusted && PRIVATE.has(range);
}

interface Asking {
  readonly addresses: readonly LookupAddress[];
  readonly signal: AbortSignal;
  readonly silence: number;
}

/** One request to the addresses that were checked: the name is not resolved again, so it cannot turn round. */
function ask(url: URL, { addresses, signal, silence }: Asking): Promise<IncomingMessage> {
  const send = url.protocol === 'https:' ? secureRequest : plainRequest;
  const pinned: LookupFunction = (_host, options, done) => {
    const [first] = addresses;
    if (options.all === true) done(null, [...addresses]);
    else done(null, first?.address ?? '', first?.family ?? 4);
  };
  return new Promise((resolve, reject) => {
    const fail = (cause: unknown) =>
      reject(
        cause instanceof OutboundError || signal.aborted
          ? cause
          : new OutboundError('unreachable', `${url.host} could not be read.`, { cause }),
      );
    const request = send(
      url,
      {
        agent: false,
        lookup: pinned,
        signal,
        timeout: silence,
        headers: { 'user-agent': 'Backlot', accept: '*/*', 'accept-encoding': 'identity' },
      },
      (response) => {
        clearTimeout(late);
        resolve(response);
      },
    );
    const late = setTimeout(
      () => request.destroy(new OutboundError('silent', `${url.host} did not answer.`)),
      silence * 2,
    );
    // The socket's silence ends the body too, once it is on its way.
    request.on('timeout', () =>
      request.destroy(new OutboundError('silent', `${url.host} did not go on answering.`)),
    );
    request.on('error', (error) => {
      clearTimeout(late);
      fail(error);
    });
    request.end();
  });
}

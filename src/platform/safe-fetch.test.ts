import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import * as fc from 'fast-check';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { OutboundError, createOutbound, mayReach } from './safe-fetch.ts';

const never = new AbortController().signal;
let connections = 0;
let location = '';
const server = createServer((_, response) => {
  response.writeHead(302, { location }).end();
});
server.on('connection', () => (connections += 1));
let port: number;
beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as AddressInfo);
});
afterAll(() => server.close());
beforeEach(() => (connections = 0));

const reasonOf = (opening: Promise<unknown>) =>
  opening.then(
    () => 'opened',
    (error: unknown) => (error instanceof OutboundError ? error.reason : String(error)),
  );
const at = (...addresses: string[]) => ({
  allow: [],
  resolve: async () => addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
});

const INTERNAL: Readonly<Record<string, readonly string[]>> = {
  loopback: ['127.0.0.1', '127.8.8.8', '::1'],
  unspecified: ['0.0.0.0', '0.1.2.3', '::'],
  private: ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  'link-local and metadata': ['169.254.169.254', 'fe80::1', 'fd00:ec2::254'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.254'],
  'unique local': ['fc00::1', 'fdff::1'],
  'IPv4 in IPv6': ['::ffff:127.0.0.1', '::ffff:10.0.0.1', '::127.0.0.1', '64:ff9b::7f00:1', '2002:7f00:1::'],
  'multicast, broadcast, reserved': ['224.0.0.1', '255.255.255.255', '240.0.0.1', 'ff02::1', '198.18.0.1'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '4000::1'],
};

describe('addresses', () => {
  it.each(Object.entries(INTERNAL))('%s: refused, by number and by name', async (_, addresses) => {
    for (const address of addresses) {
      expect([address, mayReach(address, false)]).toEqual([address, false]);
      expect(await reasonOf(createOutbound(at(address)).open('http://files.example/a', never))).toBe(
        'refused',
      );
      const literal = address.includes(':') ? `[${address}]` : address;
      expect(await reasonOf(createOutbound({ allow: [] }).open(`http://${literal}/a`, never))).toBe(
        'refused',
      );
    }
  });

  it('other spellings of this machine are refused before anything connects', async () => {
    for (const host of ['2130706433', '0x7f.1', '0177.0.0.1', '127.1', '127.0.0.1.', '[::ffff:7f00:1]']) {
      expect([
        host,
        await reasonOf(createOutbound({ allow: [] }).open(`http://${host}:${port}/`, never)),
      ]).toEqual([host, 'refused']);
    }
    expect(connections).toBe(0);
  });

  it('one internal address among public ones refuses the name', async () => {
    const outbound = createOutbound(at('93.184.216.34', '127.0.0.1'));
    expect(await reasonOf(outbound.open(`http://mixed.example:${port}/`, never))).toBe('refused');
  });

  it('public ones may be reached', () => {
    for (const address of ['93.184.216.34', '1.1.1.1', '2606:4700::1111'])
      expect(mayReach(address, false)).toBe(true);
  });

  it('no text that is not an address may be reached', () => {
    fc.assert(fc.property(fc.string(), (text) => !mayReach(text, true) || /^[\d.]+$|:/.test(text)));
  });

  it('a listed host may be private, never a metadata service', async () => {
    expect(mayReach('10.0.0.1', true)).toBe(true);
    expect(mayReach('169.254.169.254', true)).toBe(false);
    expect(mayReach('0.0.0.0', true)).toBe(false);
    const outbound = createOutbound({ ...at('169.254.169.254'), allow: ['nas.local'] });
    expect(await reasonOf(outbound.open('http://nas.local/', never))).toBe('refused');
  });
});

describe('the way there', () => {
  const allow = () => [`nas.local:${port}`];

  it('takes http and https without passwords only', async () => {
    const outbound = createOutbound(at('93.184.216.34'));
    for (const url of [
      'file:///etc/passwd',
      'ftp://a.example/',
      'gopher://a.example/',
      'data:,x',
      'nothing',
    ]) {
      expect([url, await reasonOf(outbound.open(url, never))]).toEqual([url, 'refused']);
    }
    expect(await reasonOf(outbound.open('http://user:secret@a.example/', never))).toBe('refused');
  });

  it('looks at every hop anew', async () => {
    const names: string[] = [];
    const outbound = createOutbound({
      allow: allow(),
      resolve: async (host) => {
        names.push(host);
        return [{ address: '127.0.0.1', family: 4 }];
      },
    });
    location = `http://inside.example:${port}/`;
    expect(await reasonOf(outbound.open(`http://nas.local:${port}/`, never))).toBe('refused');
    expect(names).toEqual(['nas.local', 'inside.example']);
    expect(connections).toBe(1);
    location = 'file:///etc/passwd';
    expect(await reasonOf(outbound.open(`http://nas.local:${port}/`, never))).toBe('refused');
  });

  it('asks for a name once, so that it cannot turn round before the connection', async () => {
    let asked = 0;
    const outbound = createOutbound({
      allow: allow(),
      resolve: async () => {
        asked += 1;
        return [{ address: asked === 1 ? '127.0.0.1' : '169.254.169.254', family: 4 }];
      },
    });
    location = 'http://elsewhere.invalid:1/';
    expect(await reasonOf(outbound.open(`http://nas.local:${port}/`, never))).toBe('refused');
    expect(connections).toBe(1);
  });

  it('ends a ring of redirects', async () => {
    location = `http://nas.local:${port}/`;
    const outbound = createOutbound({ ...at('127.0.0.1'), allow: allow() });
    expect(await reasonOf(outbound.open(`http://nas.local:${port}/`, never))).toBe('redirects');
    expect(connections).toBe(4);
  });

  it('a name without a host is said to be none', async () => {
    const outbound = createOutbound({ allow: [], resolve: () => Promise.reject(new Error('ENOTFOUND')) });
    expect(await reasonOf(outbound.open('http://nobody.example/', never))).toBe('unreachable');
  });
});

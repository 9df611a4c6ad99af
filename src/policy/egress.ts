import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { AssassinError } from '../shared/errors.ts';
import { describeAction, netAction, normalHost, type NetAction } from './action.ts';
import type { Gate } from './gate.ts';

/** Resolves a host to all its addresses. Injected so that a test can answer with a hostile DNS. */
export type Resolver = (host: string) => Promise<readonly string[]>;

export const systemResolver: Resolver = async (host) => (await lookup(host, { all: true, verbatim: true })).map((entry) => entry.address);

const special = new BlockList();
// IANA special-purpose registries (read 2026-11): loopback, private, link-local with cloud metadata, CGNAT, documentation, benchmark, multicast, reserved.
// Beside them 168.63.129.16, at which Azure serves its virtual machines: of the public range, and yet of the inside.
for (const [net, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['168.63.129.16', 32], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
] as const) special.addSubnet(net, prefix, 'ipv4');
// Of IPv6 only 2000::/3 is the public internet; within it lie addresses that carry IPv4 ones or belong to documentation.
for (const [net, prefix] of [['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20]] as const) special.addSubnet(net, prefix, 'ipv6');
const publicIpv6 = new BlockList();
publicIpv6.addSubnet('2000::', 3, 'ipv6');

/** True for addresses that are not the public internet: loopback, private, link-local, metadata, multicast, translated. An address with a zone is of a link. */
export function isSpecialAddress(address: string): boolean {
  const plain = normalHost(address);
  switch (address.includes('%') ? 0 : isIP(plain)) {
    case 4:
      return special.check(plain, 'ipv4');
    case 6: {
      const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/.exec(plain)?.[1];
      return mapped === undefined ? !publicIpv6.check(plain, 'ipv6') || special.check(plain, 'ipv6') : special.check(mapped, 'ipv4');
    }
    default:
      return true;
  }
}

// Networks of companies and homes, without the addresses in them at which clouds serve credentials.
const site = new BlockList();
for (const [net, prefix] of [['10.0.0.0', 8], ['100.64.0.0', 10], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) site.addSubnet(net, prefix, 'ipv4');
site.addSubnet('fc00::', 7, 'ipv6');
const metadata = new BlockList();
metadata.addSubnet('169.254.0.0', 16, 'ipv4');
for (const address of ['100.100.100.200', '168.63.129.16', '192.0.0.192']) metadata.addAddress(address, 'ipv4');
metadata.addAddress('fd00:ec2::254', 'ipv6');
metadata.addAddress('fd20:ce::254', 'ipv6');
metadata.addSubnet('fe80::', 10, 'ipv6');

/** Where clouds hand out the credentials of a machine, and the rest of the link. */
export function isMetadataAddress(address: string): boolean {
  return within(metadata, address);
}

function within(list: BlockList, address: string): boolean {
  const plain = normalHost(address).replace(/^::ffff:(?=\d+\.)/, '');
  const family = isIP(plain);
  return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6');
}

/**
 * Where a name may lead. `public`: what a run was granted, or what a server names; never inside. `configured`: an address that a person has written into
 * settings, which may be one of the own network as a whole, but neither this machine, nor its link, nor where clouds keep credentials.
 */
export type Reach = 'public' | 'configured';

/** Which side all addresses of a name are on; `undefined` where they are on several, or none. */
function sideOf(addresses: readonly string[], reach: Reach): 'public' | 'site' | undefined {
  if (addresses.length === 0) return undefined;
  if (!addresses.some(isSpecialAddress)) return 'public';
  return reach === 'configured' && addresses.every((address) => within(site, address) && !isMetadataAddress(address)) ? 'site' : undefined;
}

export const isLoopbackName = (host: string): boolean => host === 'localhost' || host.endsWith('.localhost');

export interface Resolved {
  /** To be tried in turn, and no others: a second answer of the DNS cannot point elsewhere. */
  readonly addresses: readonly string[];
  readonly side: 'public' | 'site' | 'literal';
}

/** Resolves a host once and checks each of its addresses. Throws `egress-denied`. */
export async function resolveChecked(host: string, resolver: Resolver, reach: Reach = 'public'): Promise<Resolved> {
  if (isIP(host)) return { addresses: [host], side: 'literal' };
  // The system may answer with either, and a server may listen on one of them only.
  if (isLoopbackName(host)) return { addresses: ['127.0.0.1', '::1'], side: 'literal' };
  let addresses: readonly string[];
  try {
    addresses = await resolver(host);
  } catch (cause) {
    throw new AssassinError('egress-denied', `The host ${host} could not be resolved.`, { hint: 'Check the name and the network connection.', cause });
  }
  const side = sideOf(addresses, reach);
  if (side !== undefined) return { addresses: [...new Set(addresses)], side };
  throw new AssassinError('egress-denied', `${host} resolves to ${addresses.find(isSpecialAddress) ?? 'nothing'}, which is not a public address.`, {
    hint: reach === 'public' ? 'Grant the address itself if it is meant.' : 'Write the address itself if it is meant.', data: { host },
  });
}

export interface PinnedTarget extends Resolved {
  readonly action: NetAction;
}

/**
 * Decides on one connection and pins its addresses. A name granted as such may point to a special address only if it is a
 * loopback name or the literal address itself: otherwise a granted public name could be rebound to the inside.
 */
export async function pinTarget(url: URL, gate: Pick<Gate, 'allows'>, resolver: Resolver): Promise<PinnedTarget> {
  const action = netAction(url);
  if (action.host === '' || !gate.allows(action)) {
    throw new AssassinError('egress-denied', `Not allowed: ${describeAction(action)}.`, { hint: `Grant "${describeAction(action)}" to the run.`, data: { host: action.host } });
  }
  return { action, ...(await resolveChecked(action.host, resolver)) };
}

import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { AssassinError } from '../shared/errors.ts';
import { describeAction, netAction, normalHost, type Action } from './action.ts';
import type { Gate } from './gate.ts';

type NetAction = Extract<Action, { kind: 'net' }>;

/** Resolves a host to all its addresses. Injected so that a test can answer with a hostile DNS. */
export type Resolver = (host: string) => Promise<readonly string[]>;

export const systemResolver: Resolver = async (host) => (await lookup(host, { all: true, verbatim: true })).map((entry) => entry.address);

const special = new BlockList();
// IANA special-purpose registries (read 2026-11): loopback, private, link-local with cloud metadata, CGNAT, documentation, benchmark, multicast, reserved.
for (const [net, prefix] of [
  ['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.0.0.0', 24], ['192.0.2.0', 24],
  ['192.88.99.0', 24], ['192.168.0.0', 16], ['198.18.0.0', 15], ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4],
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

export interface PinnedTarget {
  readonly action: NetAction;
  /** The address to connect to: the name is not resolved again, so that a second DNS answer cannot point elsewhere. */
  readonly address: string;
}

/**
 * Decides on one connection and pins its address. A name granted as such may point to a special address only if it is a
 * loopback name or the literal address itself: otherwise a granted public name could be rebound to the inside.
 */
export async function pinTarget(url: URL, gate: Pick<Gate, 'allows'>, resolver: Resolver): Promise<PinnedTarget> {
  const action = netAction(url);
  if (action.host === '' || !gate.allows(action)) {
    throw new AssassinError('egress-denied', `Not allowed: ${describeAction(action)}.`, { hint: `Grant "${describeAction(action)}" to the run.`, data: { host: action.host } });
  }
  if (isIP(action.host)) return { action, address: action.host };
  if (action.host === 'localhost' || action.host.endsWith('.localhost')) return { action, address: '127.0.0.1' };
  let addresses: readonly string[];
  try {
    addresses = await resolver(action.host);
  } catch (cause) {
    throw new AssassinError('egress-denied', `The host ${action.host} could not be resolved.`, { hint: 'Check the name and the network connection.', cause });
  }
  const inside = addresses.find(isSpecialAddress);
  const address = addresses[0];
  if (address === undefined || inside !== undefined) {
    throw new AssassinError('egress-denied', `${action.host} resolves to ${inside ?? 'nothing'}, which is not a public address.`, {
      hint: 'Grant the address itself if it is meant.', data: { host: action.host },
    });
  }
  return { action, address };
}

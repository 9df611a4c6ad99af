import { isIP, type LookupFunction, type TcpNetConnectOpts } from 'node:net';
import { callbackify } from 'node:util';

/** Longest wait for one of several addresses before the next is tried, milliseconds; the last one gets all the time that is left. */
const attemptMs = 1000;

/**
 * What `net.connect` and `http.request` need to reach exactly these addresses: they are tried in turn, both families, until one answers, as browsers do
 * it, and no name is resolved behind the back of the check.
 */
export function pinnedTo(find: (host: string) => Promise<readonly string[]>): Pick<TcpNetConnectOpts, 'lookup' | 'autoSelectFamily' | 'autoSelectFamilyAttemptTimeout'> {
  const found = callbackify(async (host: string) => (await find(host)).map((address) => ({ address, family: isIP(address) })));
  const lookup: LookupFunction = (host, { all }, callback) => found(host, (error, addresses) => {
    const [first = { address: '', family: 0 }] = error ? [] : addresses;
    if (error) callback(error, []);
    else if (all === true) callback(null, addresses);
    else callback(null, first.address, first.family);
  });
  return { lookup, autoSelectFamily: true, autoSelectFamilyAttemptTimeout: attemptMs };
}

/** Options of `net.connect` for one of these addresses. The host is a name that cannot exist, so that nothing but the list can be reached. */
export function connectOptions(addresses: readonly string[], port: number): TcpNetConnectOpts {
  const [only] = addresses;
  return addresses.length === 1 && only !== undefined ? { host: only, port } : { host: 'pinned.invalid', port, ...pinnedTo(() => Promise.resolve(addresses)) };
}

/** Why nothing could be reached: several addresses fail together, as one error without words. */
export function connectFailure(error: unknown): Error {
  if (error instanceof AggregateError) {
    const [first] = error.errors as readonly unknown[];
    if (first instanceof Error) return first;
  }
  return error instanceof Error ? error : new Error(String(error));
}

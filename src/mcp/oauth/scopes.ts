import type { Sdk } from '../sdk.ts';
import type { Discovered } from './discover.ts';

const offline = 'offline_access';

/** What to ask for: what was named, else what the server supports; and leave to stay signed in, where the authorization server gives it. */
export function wantedScope(sdk: Sdk, { metadata, scopes }: Pick<Discovered, 'metadata' | 'scopes'>, named: readonly (string | undefined)[]): string | undefined {
  const scope = sdk.computeScopeUnion(...named) ?? sdk.computeScopeUnion(scopes);
  return scope !== undefined && metadata?.scopes_supported?.includes(offline) === true ? sdk.computeScopeUnion(scope, offline) : scope;
}

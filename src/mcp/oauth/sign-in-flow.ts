import { randomBytes } from 'node:crypto';
import type { DpopSession } from '@modelcontextprotocol/client';
import type { Sdk } from '../sdk.ts';
import { visitedUrl } from '../requests/visited-url.ts';
import { chooseClient } from './choose-client.ts';
import { clientAuthentication } from './client-authentication.ts';
import type { Discovered } from './discover.ts';
import { flowError } from './flow-error.ts';
import type { GuardedFetch } from './guarded-fetch.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import { addressRefused, notAgreed, refusedThere, signInTimeout, unsafeSignIn } from './oauth-errors.ts';
import { wantedScope } from './scopes.ts';
import type { SignInDoor, WayBack } from './sign-in-door.ts';
import type { StoredCredentials, StoredTokens } from './sign-in-record.ts';
import { keptTokens } from './tokens.ts';

export interface SignInFlowOptions {
  readonly sdk: Sdk;
  readonly about: { readonly name: string; readonly title: string };
  readonly oauth: McpOAuthConfig;
  readonly found: Discovered;
  /** What is known of this authorization server from before. */
  readonly before: StoredCredentials | undefined;
  /** What the server asks for now. */
  readonly scope: string | undefined;
  readonly more: boolean;
  /** The person has asked for it by hand: they are not asked whether they want it. */
  readonly byHand: boolean;
  readonly guard: GuardedFetch;
  /** Of the key that the tokens are to be bound to. */
  readonly proofs?: DpopSession;
  readonly door: SignInDoor;
  readonly wayBack: (state: string, signal: AbortSignal, port: number | undefined, fixed: boolean) => Promise<WayBack>;
  /** Hears of everything that must not be seen anywhere, before it is used. */
  readonly secret: (...values: readonly string[]) => void;
  readonly now: () => number;
  /** Longest time for the person, milliseconds. */
  readonly patienceMs: number;
  readonly signal: AbortSignal;
}

/** Signs in through the browser: PKCE, one state, one answer. Throws what ended it; nothing is kept then. */
export async function signInFlow(options: SignInFlowOptions): Promise<StoredCredentials & { readonly tokens: StoredTokens }> {
  const { sdk, about, oauth, found, before, more, byHand, guard, proofs, door, secret, now, patienceMs } = options;
  const { metadata, authorizationServerUrl, issuer, resource } = found;
  const late = AbortSignal.timeout(patienceMs);
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, late]);
  const fetchFn = guard.fetch;
  try {
    // An authorization server that does not say so would ignore the challenge, and anybody could use the code.
    if (metadata !== undefined && metadata.code_challenge_methods_supported?.includes('S256') !== true) throw unsafeSignIn(about, 'its authorization server does not protect sign-ins with PKCE (S256)');
    const scope = wantedScope(sdk, found, [oauth.scopes?.join(' '), more ? before?.asked : undefined, more ? before?.tokens?.scope : undefined, options.scope]);
    const state = randomBytes(32).toString('base64url');
    await using back = await options.wayBack(state, signal, oauth.redirectPort ?? portOf(before), oauth.redirectPort !== undefined);
    const { redirectUrl } = back;
    const client = await chooseClient({ sdk, about, found, oauth, stored: before?.client, redirectUrl, scope, guard, door, now: now(), signal });
    if (client.client_secret !== undefined) secret(client.client_secret);
    const clientInformation = { ...client, issuer };
    const metadataOption = metadata === undefined ? {} : { metadata };
    const { authorizationUrl, codeVerifier } = await sdk.startAuthorization(authorizationServerUrl, { ...metadataOption, clientInformation, redirectUrl, state, resource, ...(scope === undefined ? {} : { scope }) });
    secret(codeVerifier, state);
    if (!guard.allows(authorizationUrl)) throw addressRefused(about, authorizationUrl);
    const shown = visitedUrl(authorizationUrl.href);
    if (shown === undefined) throw addressRefused(about, authorizationUrl);
    const request = { server: about.title, url: shown.href, domain: shown.domain, warnings: shown.warnings, scopes: scope?.split(' ') ?? [], more, signal: AbortSignal.any([signal, over.signal]) };
    if (!byHand && !(await door.agree(request))) throw notAgreed(about);
    signal.throwIfAborted();
    await door.open(request, back.deliver);
    const answer = await back.answer.finally(() => over.abort());
    const iss = answer.get('iss') ?? undefined;
    // An error too is believed only from whom it was asked of.
    sdk.validateAuthorizationResponseIssuer({ iss, expectedIssuer: metadata?.issuer, issParameterSupported: metadata?.authorization_response_iss_parameter_supported === true });
    const code = answer.get('code');
    if (code === null) throw refusedThere(about, issuer, answer.get('error') ?? '');
    secret(code);
    const addClientAuthentication = clientAuthentication(sdk, oauth);
    const tokens = await sdk.exchangeAuthorization(authorizationServerUrl, {
      ...metadataOption, clientInformation, authorizationCode: code, codeVerifier, redirectUri: redirectUrl, resource, fetchFn,
      ...(iss === undefined ? {} : { iss }), ...(proofs === undefined ? {} : { dpop: proofs }), ...(addClientAuthentication === undefined ? {} : { addClientAuthentication }),
    });
    return {
      client, tokens: keptTokens(tokens, now(), scope), authorizationServerUrl, resource,
      ...(scope === undefined ? {} : { asked: scope }),
      ...(metadata === undefined ? {} : { tokenEndpoint: metadata.token_endpoint }),
      ...(metadata !== undefined && 'revocation_endpoint' in metadata && typeof metadata.revocation_endpoint === 'string' ? { revocationEndpoint: metadata.revocation_endpoint } : {}),
      ...(metadata?.token_endpoint_auth_methods_supported === undefined ? {} : { authMethods: metadata.token_endpoint_auth_methods_supported }),
    };
  } catch (error) {
    if (late.aborted && !options.signal.aborted) throw signInTimeout(about);
    throw flowError(error, { sdk, about, issuer, signal: options.signal });
  }
}

/** Where a registration names the way back, that one is tried again: the same registration then does. */
function portOf(before: StoredCredentials | undefined): number | undefined {
  const registered = URL.parse(before?.client?.redirect_uris?.[0] ?? '');
  return registered?.hostname === '127.0.0.1' && registered.port !== '' ? Number(registered.port) : undefined;
}

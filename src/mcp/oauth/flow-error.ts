import { AssassinError } from '../../shared/errors.ts';
import type { Sdk } from '../sdk.ts';
import { noSignInOffered, refusedThere, unreachable, unsafeSignIn } from './oauth-errors.ts';

export interface FlowErrorContext {
  readonly sdk: Sdk;
  readonly about: { readonly name: string; readonly title: string };
  /** Whom it was asked of. */
  readonly issuer: string;
  readonly signal?: AbortSignal;
}

/** What a failed step of a sign-in means. Causes are left out where they quote a stranger. */
export function flowError(error: unknown, { sdk, about, issuer, signal }: FlowErrorContext): unknown {
  if (signal?.aborted === true) return signal.reason;
  if (AssassinError.isInstance(error)) return error;
  if (error instanceof sdk.IssuerMismatchError) return unsafeSignIn(about, error.kind === 'metadata' ? 'the authorization server calls itself by another name than the one it was found under' : 'the answer came from another authorization server than the one that was asked');
  if (error instanceof sdk.AuthorizationServerMismatchError) return unsafeSignIn(about, 'it leads to another authorization server than the one that this client is known to');
  if (error instanceof sdk.InsecureTokenEndpointError) return unsafeSignIn(about, 'tokens would be fetched over a connection without encryption');
  if (error instanceof sdk.RegistrationRejectedError) return error.status === 404 || error.status === 405 ? noSignInOffered(about) : refusedThere(about, issuer, codeIn(error.body));
  if (error instanceof sdk.OAuthError) return refusedThere(about, issuer, error.code);
  return unreachable(about, issuer, error);
}

function codeIn(body: string): string {
  try {
    const parsed: unknown = JSON.parse(body);
    return typeof parsed === 'object' && parsed !== null && 'error' in parsed && typeof parsed.error === 'string' ? parsed.error : '';
  } catch {
    return '';
  }
}

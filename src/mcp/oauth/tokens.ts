import type { OAuthTokens } from '@modelcontextprotocol/client';
import type { StoredTokens } from './sign-in-record.ts';

/** A token that ends so soon is renewed before it is used: the request has a way to go. */
const aheadMs = 10_000;

/** The identity token is left out: nothing here reads it. Scopes that are not named in the answer are those that were asked for. */
export function keptTokens({ access_token, token_type, refresh_token, scope, expires_in }: OAuthTokens, now: number, asked: string | undefined): StoredTokens {
  const granted = scope ?? asked;
  return {
    access_token, token_type, ...(refresh_token === undefined ? {} : { refresh_token }), ...(granted === undefined ? {} : { scope: granted }),
    ...(expires_in === undefined ? {} : { expiresAt: now + expires_in * 1000 }),
  };
}

/** Bound to a key: it is worth nothing without a proof of that key. */
export function isBound({ token_type: type }: StoredTokens): boolean {
  return type.toLowerCase() === 'dpop';
}

export function endsSoon({ expiresAt }: StoredTokens, now: number): boolean {
  return expiresAt !== undefined && expiresAt - now <= aheadMs;
}

export function isOver({ expiresAt }: StoredTokens, now: number): boolean {
  return expiresAt !== undefined && expiresAt <= now;
}

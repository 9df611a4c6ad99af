import { join } from 'node:path';
import type { Resolver } from '../../policy/egress.ts';
import { loadSdk, type Sdk } from '../sdk.ts';
import type { CredentialVault } from './credential-vault.ts';
import { discover, sameIssuer, type Challenge, type Discovered } from './discover.ts';
import { exclusively } from './exclusively.ts';
import { flowError } from './flow-error.ts';
import { guardedFetch, type GuardedFetch } from './guarded-fetch.ts';
import { machineTokens } from './machine-tokens.ts';
import type { McpOAuthConfig } from './oauth-config.ts';
import { addressRefused, noSignInOffered, scopesWithoutEnd, signInNeeded } from './oauth-errors.ts';
import { isMachine } from './oauth-fields.ts';
import { makeProofKey, Proofs, type StoredProofKey } from './proof-key.ts';
import { refreshTokens } from './refresh.ts';
import { revoke } from './revoke.ts';
import { SharedWork } from './shared-work.ts';
import type { Access } from './show-token.ts';
import { signInFlow, type SignInFlowOptions } from './sign-in-flow.ts';
import type { SignInDoor } from './sign-in-door.ts';
import { currentOf, emptyRecord, parseRecord, recordKey, secretsIn, type SignInRecord, type StoredCredentials, type StoredTokens } from './sign-in-record.ts';
import { endsSoon, isBound, isOver } from './tokens.ts';

export interface ServerSignInOptions {
  readonly about: { readonly name: string; readonly title: string };
  readonly server: URL;
  readonly oauth: McpOAuthConfig;
  readonly vault: CredentialVault;
  readonly door: SignInDoor | undefined;
  readonly wayBack: SignInFlowOptions['wayBack'];
  /** Folder for the marks that keep two programs from renewing one token at once; absent where there is only one program. */
  readonly locks?: string;
  readonly secret: (values: readonly string[]) => void;
  readonly changed: () => void;
  readonly resolver?: Resolver;
  readonly ca?: string;
  readonly now: () => number;
  readonly patienceMs: number;
}

export interface Wanted {
  readonly challenge: Challenge | undefined;
  readonly signal: AbortSignal;
}

/** The sign-in at one server: its tokens, whoever uses them. Each thing is done once at a time, for all who wait for it. */
export class ServerSignIn {
  readonly key: string;
  readonly #options: ServerSignInOptions;
  readonly #renewing = new SharedWork<Access>();
  readonly #proofs = new Proofs();
  #record: SignInRecord | undefined;
  /** Of a program; neither is kept. */
  #machine: StoredTokens | undefined;
  #machineKey: StoredProofKey | undefined;

  constructor(options: ServerSignInOptions) {
    this.#options = options;
    this.key = recordKey(options.server, options.oauth);
  }

  get name(): string {
    return this.#options.about.name;
  }

  async signedIn(): Promise<boolean> {
    return (await this.#tokens()) !== undefined;
  }

  /** The token to begin with; one that is about to end is renewed first. */
  async token(signal: AbortSignal): Promise<Access | undefined> {
    const tokens = await this.#tokens();
    if (tokens === undefined) return undefined;
    if (!endsSoon(tokens, this.#options.now())) return this.#access(tokens);
    if (this.#isMachine || tokens.refresh_token === undefined) return isOver(tokens, this.#options.now()) ? undefined : this.#access(tokens);
    return this.#renewing.join(signal, async (inner) => {
      // Nobody is asked for this: where it cannot be renewed the server says what it wants.
      const fresh = await this.#refreshed(tokens.access_token, inner).catch(() => undefined);
      return fresh ?? this.#access(tokens);
    });
  }

  /** A token in the place of one that was refused: another one that is known by now, a renewed one, or a new sign-in. */
  renew(refused: string | undefined, { challenge, signal }: Wanted): Promise<Access> {
    return this.#renewing.join(signal, async (inner) => {
      const known = await this.#tokens({ fresh: true });
      if (known !== undefined && known.access_token !== refused && !isOver(known, this.#options.now())) return this.#access(known);
      return this.#with(inner, async (sdk, guard) => {
        const found = await this.#discover(sdk, guard, { challenge, signal: inner });
        if (this.#isMachine) return this.#machineToken(sdk, guard, found, sdk.computeScopeUnion(this.#machine?.scope, challenge?.scope), inner);
        // What was never bound to a key does not become so by being renewed.
        const unbound = found.proof !== undefined && this.#stored(found.issuer)?.proofKey === undefined;
        const refreshed = known?.refresh_token !== undefined && !unbound && sameIssuer(this.#record?.issuer ?? '', found.issuer) ? await this.#refreshed(refused, inner) : undefined;
        return refreshed ?? (await this.#interactive(sdk, guard, found, { scope: challenge?.scope, more: false, byHand: false, signal: inner }));
      });
    });
  }

  /** A token with more rights. Throws where that much was asked for before. */
  widen(refused: string | undefined, { challenge, signal }: Wanted): Promise<Access> {
    return this.#renewing.join(signal, (inner) => this.#with(inner, async (sdk, guard) => {
      const tokens = await this.#tokens({ fresh: true });
      const has = sdk.computeScopeUnion(tokens?.scope);
      if (tokens !== undefined && tokens.access_token !== refused && !sdk.isStrictScopeSuperset(sdk.computeScopeUnion(has, challenge?.scope), has)) return this.#access(tokens);
      const found = await this.#discover(sdk, guard, { challenge, signal: inner });
      if (this.#isMachine) return this.#machineToken(sdk, guard, found, sdk.computeScopeUnion(has, challenge?.scope), inner);
      const asked = sdk.computeScopeUnion(this.#stored(found.issuer)?.asked, has);
      // It was asked for, and was not given, or not enough: asking again changes nothing.
      if (!sdk.isStrictScopeSuperset(sdk.computeScopeUnion(asked, challenge?.scope), asked)) throw scopesWithoutEnd(this.#options.about);
      return this.#interactive(sdk, guard, found, { scope: challenge?.scope, more: true, byHand: false, signal: inner });
    }));
  }

  /** A sign-in that a person has asked for by hand, also where there is one. */
  signIn({ challenge, signal }: Wanted): Promise<Access> {
    return this.#renewing.join(signal, (inner) => this.#with(inner, async (sdk, guard) => {
      await this.#tokens({ fresh: true });
      const found = await this.#discover(sdk, guard, { challenge, signal: inner }, true);
      if (!found.offered && challenge === undefined) throw noSignInOffered(this.#options.about);
      if (this.#isMachine) return this.#machineToken(sdk, guard, found, challenge?.scope, inner);
      return this.#interactive(sdk, guard, found, { scope: challenge?.scope, more: false, byHand: true, signal: inner });
    }));
  }

  /** Forgets everything of this server, registrations too. Says how many tokens were given back. */
  async signOut(signal: AbortSignal): Promise<{ readonly was: boolean; readonly revoked: number }> {
    const was = await this.signedIn();
    const record = this.#record ?? emptyRecord;
    this.#machine = undefined;
    this.#machineKey = undefined;
    this.#record = emptyRecord;
    // Forgotten first: what cannot be told to anybody is gone from here all the same.
    await this.#options.vault.remove(this.key);
    this.#options.changed();
    const revoked = await this.#with(signal, (_sdk, guard) => revoke(record, guard, this.#options.oauth));
    return { was, revoked };
  }

  get #isMachine(): boolean {
    return isMachine(this.#options.oauth);
  }

  async #tokens({ fresh = false } = {}): Promise<StoredTokens | undefined> {
    if (this.#isMachine) return this.#machine;
    if (this.#record === undefined || fresh) {
      this.#record = parseRecord(await this.#options.vault.read(this.key));
      this.#options.secret(secretsIn(this.#record));
    }
    return currentOf(this.#record)?.tokens;
  }

  /** Of the tokens that are held now. */
  async #access(tokens: StoredTokens): Promise<Access> {
    const key = this.#isMachine ? this.#machineKey : this.#record === undefined ? undefined : currentOf(this.#record)?.proofKey;
    return { token: tokens.access_token, ...(key === undefined || !isBound(tokens) ? {} : { proofs: await this.#proofs.of(await loadSdk(), key) }) };
  }

  #stored(issuer: string): StoredCredentials | undefined {
    return this.#record?.byIssuer[issuer];
  }

  async #save(issuer: string, credentials: StoredCredentials): Promise<void> {
    const record: SignInRecord = { version: 1, issuer, byIssuer: { ...this.#record?.byIssuer, [issuer]: credentials } };
    this.#options.secret(secretsIn(record));
    await this.#options.vault.write(this.key, JSON.stringify(record));
    this.#record = record;
    this.#options.changed();
  }

  /** Under the mark of this server: another program may have renewed it meanwhile, and a refresh token counts once. */
  async #refreshed(refused: string | undefined, signal: AbortSignal): Promise<Access | undefined> {
    const { locks, oauth, now, about } = this.#options;
    const work = async (): Promise<Access | undefined> => {
      const tokens = await this.#tokens({ fresh: true });
      if (tokens !== undefined && tokens.access_token !== refused && !endsSoon(tokens, now())) return this.#access(tokens);
      const issuer = this.#record?.issuer;
      const stored = this.#record === undefined ? undefined : currentOf(this.#record);
      if (issuer === undefined || stored === undefined) return undefined;
      return this.#with(signal, async (sdk, guard) => {
        const { proofs } = tokens === undefined ? {} : await this.#access(tokens);
        const fresh = await refreshTokens({ sdk, oauth, issuer, stored, guard, now: now(), ...(proofs === undefined ? {} : { proofs }) }).catch((error: unknown) => Promise.reject(flowError(error, { sdk, about, issuer, signal })));
        if (fresh === undefined) return undefined;
        await this.#save(issuer, { ...stored, tokens: fresh });
        return this.#access(fresh);
      });
    };
    return locks === undefined ? work() : exclusively(join(locks, `${this.key.slice(0, 32)}.lock`), work);
  }

  async #machineToken(sdk: Sdk, guard: GuardedFetch, found: Discovered, scope: string | undefined, signal: AbortSignal): Promise<Access> {
    const { about, oauth, now, secret } = this.#options;
    this.#machineKey = found.proof === undefined ? undefined : (this.#machineKey ?? (await makeProofKey(sdk, found.proof)));
    const proofs = this.#machineKey === undefined ? {} : { proofs: await this.#proofs.of(sdk, this.#machineKey) };
    this.#machine = await machineTokens({ sdk, about, oauth, found, scope, guard, secret, now: now(), signal, ...proofs });
    secret([this.#machine.access_token]);
    return this.#access(this.#machine);
  }

  async #interactive(sdk: Sdk, guard: GuardedFetch, found: Discovered, how: Pick<SignInFlowOptions, 'scope' | 'more' | 'byHand' | 'signal'>): Promise<Access> {
    const { about, oauth, door, wayBack, secret, now, patienceMs } = this.#options;
    if (door === undefined || (!how.byHand && !door.canAsk)) throw signInNeeded(about);
    const before = this.#stored(found.issuer);
    const proofKey = found.proof === undefined ? undefined : (before?.proofKey ?? (await makeProofKey(sdk, found.proof)));
    const proofs = proofKey === undefined ? {} : { proofs: await this.#proofs.of(sdk, proofKey) };
    const credentials = await signInFlow({ ...how, sdk, about, oauth, found, before, guard, door, wayBack, now, patienceMs, secret: (...values) => secret(values), ...proofs });
    await this.#save(found.issuer, { ...credentials, ...(proofKey === undefined ? {} : { proofKey }) });
    return this.#access(credentials.tokens);
  }

  async #discover(sdk: Sdk, guard: GuardedFetch, wanted: Wanted, byHand = false): Promise<Discovered> {
    const { about, server, oauth, door } = this.#options;
    // Nothing is asked of strangers for a sign-in that cannot come about.
    if (!this.#isMachine && door?.canAsk !== true && this.#record?.issuer === undefined && !byHand) throw signInNeeded(about);
    return discover({ sdk, about, server, oauth, guard, ...wanted });
  }

  async #with<T>(signal: AbortSignal, work: (sdk: Sdk, guard: GuardedFetch) => Promise<T>): Promise<T> {
    const { about, server, oauth: { issuer, identityProvider }, resolver, ca } = this.#options;
    using guard = guardedFetch({
      server, signal, refused: (url, cause) => addressRefused(about, url, cause),
      ...(issuer === undefined ? {} : { issuer }), ...(identityProvider === undefined ? {} : { identityProvider: identityProvider.issuer }), ...(resolver === undefined ? {} : { resolver }), ...(ca === undefined ? {} : { ca }),
    });
    return await work(await loadSdk(), guard);
  }
}

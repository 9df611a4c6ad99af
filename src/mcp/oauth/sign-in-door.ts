/** What a person is shown before the page of a sign-in is opened. Names and scopes are words of strangers. */
export interface SignInRequest {
  /** The server as it is configured. */
  readonly server: string;
  /** Where the browser would go. */
  readonly url: string;
  readonly domain: string;
  readonly warnings: readonly string[];
  readonly scopes: readonly string[];
  /** The server was signed in to already, and asks for more. */
  readonly more: boolean;
  /** Aborts when the browser has come back, too: there is nothing more to ask then. */
  readonly signal: AbortSignal;
}

/** Somebody has to name a client that was registered by hand. */
export interface ClientIdRequest {
  readonly server: string;
  readonly issuer: string;
  /** What has to be registered as the address to which the browser comes back. */
  readonly redirectUrl: string;
  readonly signal: AbortSignal;
}

/** The way back from the browser, for one sign-in. It closes itself after the first answer that belongs to it. */
export interface WayBack extends AsyncDisposable {
  readonly redirectUrl: string;
  /** The query of the answer whose state is right. Rejects with the reason of the signal. */
  readonly answer: Promise<URLSearchParams>;
  /** Takes an address to which the browser has come; false for one that is not of this sign-in. */
  readonly deliver: (address: string) => boolean;
}

/** How a sign-in reaches the person; another one for the editor and for the terminal. */
export interface SignInDoor {
  /** False where nobody can be asked: then only a sign-in that was asked for by hand is tried. */
  readonly canAsk: boolean;
  /** A server asks for a sign-in in the middle of something; nobody has asked for it by hand. */
  readonly agree: (request: SignInRequest) => Promise<boolean>;
  /** Opens the page. `deliver` takes the address at which the browser ended, where the person hands it over themselves. */
  readonly open: (request: SignInRequest, deliver: WayBack['deliver']) => Promise<void>;
  readonly clientId: (request: ClientIdRequest) => Promise<string | undefined>;
  /** A way back other than a port of this machine; `undefined` where that one is best. */
  readonly wayBack?: (state: string, signal: AbortSignal) => Promise<WayBack | undefined>;
}

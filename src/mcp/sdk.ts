import type * as Client from '@modelcontextprotocol/client';

/** The client library, as it is loaded at the first use: it is far too big for the activation of the editor. */
export type Sdk = typeof Client;

export function loadSdk(): Promise<Sdk> {
  return import('@modelcontextprotocol/client');
}

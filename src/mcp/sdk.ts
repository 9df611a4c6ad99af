/** The client library, as it is loaded at the first use: it is far too big for the activation of the editor. */
export type Sdk = typeof import('@modelcontextprotocol/client');

export function loadSdk(): Promise<Sdk> {
  return import('@modelcontextprotocol/client');
}

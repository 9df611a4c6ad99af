import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client';

export const eras = ['auto', 'legacy'] as const;
export type Era = (typeof eras)[number];

/** The official client over a transport; closed with its variable. */
export async function connected(transport: Transport, era: Era = 'auto', onToolsChanged?: () => void): Promise<Client & AsyncDisposable> {
  const client = new Client({ name: 'test', version: '1.0.0' }, {
    versionNegotiation: { mode: era },
    ...(onToolsChanged ? { listChanged: { tools: { autoRefresh: false, debounceMs: 0, onChanged: () => onToolsChanged() } } } : {}),
  });
  await client.connect(transport);
  return Object.assign(client, { [Symbol.asyncDispose]: () => client.close() });
}

export function overHttp({ url, token }: { readonly url: string; readonly token: string }): StreamableHTTPClientTransport {
  return new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers: { authorization: `Bearer ${token}` } } });
}

/** The text parts of a result. */
export function textsOf({ content }: { readonly content?: unknown }): readonly string[] {
  return (content as readonly { readonly type: string; readonly text?: string }[]).flatMap(({ text }) => text ?? []);
}

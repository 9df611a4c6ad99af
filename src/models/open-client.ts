import type { LanguageModelV4 } from '@ai-sdk/provider';
import type { ModelClient, ModelInfo } from './model-client.ts';
import type { Provider, ProviderKind } from './provider.ts';

export interface OpenClientOptions {
  readonly info: ModelInfo;
  readonly provider: Provider;
  /** Asked before each request, so that a key that was changed meanwhile holds. */
  readonly apiKey: () => Promise<string | undefined>;
  /** Milliseconds to connect. */
  readonly connectMs: number;
}

/** Loads what speaks to providers of this kind. What it gives makes clients, without waiting. */
export async function clientOpener(kind: ProviderKind): Promise<(options: OpenClientOptions) => ModelClient> {
  if (kind === 'openai-compatible' || kind === 'ollama') {
    const { ChatClient } = await import('./chat/chat-client.ts');
    return ({ provider: { baseUrl, serviceTier }, ...options }) => new ChatClient({ ...options, baseUrl, ...(serviceTier === undefined ? {} : { serviceTier }) });
  }
  const [{ AiSdkClient }, { dialectOf, openWire }] = await Promise.all([import('./ai-sdk-client.ts'), import('./provider-wires.ts')]);
  return ({ info, provider, apiKey, connectMs }) => {
    // Opening one builds the schemas of its answers, which is most of the work of a short request. Another key opens another.
    let wire: { readonly key: string | undefined; readonly model: LanguageModelV4 } | undefined;
    return new AiSdkClient({
      info,
      open: async () => {
        const key = await apiKey();
        if (wire === undefined || wire.key !== key) wire = { key, model: await openWire(kind, provider, info.model, key, connectMs) };
        return wire.model;
      },
      dialect: dialectOf(kind, provider.serviceTier),
    });
  };
}

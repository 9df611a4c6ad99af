import { httpFetch } from './http-fetch.ts';
import { parseProvider, type Provider } from './provider.ts';

/** A server on this machine answers within a few milliseconds, or is not there. */
const probeMs = 500;

/** Ollama as it runs where nobody has configured it. `undefined` where nothing answers, or something else does. */
export async function discoverOllama(baseUrl = 'http://127.0.0.1:11434'): Promise<Provider | undefined> {
  const provider = parseProvider({ kind: 'ollama', name: 'ollama', baseUrl });
  try {
    using egress = httpFetch({ baseUrl: provider.baseUrl, connectMs: probeMs });
    const { fetch } = egress;
    const response = await fetch(new URL('/api/version', provider.baseUrl), { signal: AbortSignal.timeout(probeMs) });
    const answer: unknown = await response.json();
    return response.ok && typeof answer === 'object' && answer !== null && 'version' in answer ? provider : undefined;
  } catch {
    return undefined;
  }
}

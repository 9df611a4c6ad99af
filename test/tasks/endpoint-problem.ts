import type { LiveModel } from './attempt.ts';

const timeoutMs = 10_000;

/** Why there is no use in beginning, in words; `undefined` where the server answers. Asks for its list of models, as every OpenAI-compatible server has one. */
export async function endpointProblem({ endpoint, model, key }: LiveModel): Promise<string | undefined> {
  let response: Response;
  try {
    response = await fetch(`${endpoint.replace(/\/+$/, '')}/models`, { headers: key === undefined ? {} : { authorization: `Bearer ${key}` }, signal: AbortSignal.timeout(timeoutMs) });
  } catch (error) {
    const { cause, message } = error as Error & { readonly cause?: { readonly code?: string } };
    return `Nothing answers at ${endpoint} (${cause?.code ?? message}). Start the server, or check its address.`;
  }
  if (response.status === 401 || response.status === 403) return `${endpoint} wants another key (${response.status}). Name the environment variable that holds it with --key-env.`;
  const names = await modelNames(response);
  if (names !== undefined && names.length > 0 && !names.includes(model)) return `${endpoint} has no model "${model}". It has: ${names.slice(0, 20).join(', ')}.`;
  return undefined;
}

/** `undefined` where the server does not say. */
async function modelNames(response: Response): Promise<readonly string[] | undefined> {
  if (!response.ok) return undefined;
  try {
    const { data } = (await response.json()) as { readonly data?: readonly { readonly id: string }[] };
    return data?.map(({ id }) => id);
  } catch {
    return undefined;
  }
}

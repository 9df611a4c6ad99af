import { AssassinError, toErrorInfo, type ErrorCode } from '../shared/errors.ts';
import type { ModelLayer, OnAttempt } from './layer.ts';
import type { ModelClient, ModelEvent, ModelRequest } from './model-client.ts';
import { isSignOfLife } from './with-timeouts.ts';

const fallsBack: readonly ErrorCode[] = ['model-auth', 'model-rate-limited', 'model-unavailable', 'model-refused'];

/** Asks the next model where one fails before it has said anything. The error of the last one is thrown; those before went to `onAttempt`. */
export function withFallback(next: readonly ModelClient[], onAttempt?: OnAttempt): ModelLayer {
  if (next.length === 0) return (client) => client;
  return (client) => ({ info: client.info, stream: (request, signal) => fallingBack([client, ...next], request, signal, onAttempt) });
}

async function* fallingBack(clients: readonly ModelClient[], request: ModelRequest, signal: AbortSignal, onAttempt: OnAttempt | undefined): AsyncGenerator<ModelEvent, void, undefined> {
  for (const [index, client] of clients.entries()) {
    let seen = false;
    try {
      for await (const event of client.stream(request, signal)) {
        seen ||= !isSignOfLife(event);
        yield index > 0 && event.type === 'finish' ? { ...event, by: client.info } : event;
      }
      return;
    } catch (error) {
      const to = clients[index + 1];
      if (seen || signal.aborted || !to || !AssassinError.isInstance(error) || !fallsBack.includes(error.code)) throw error;
      onAttempt?.({ type: 'fallback', model: client.info.id, to: to.info.id, error: toErrorInfo(error) });
    }
  }
}

import { viewLimits } from '../../src/shared/protocol-views.ts';

export type FrameMessage = { readonly kind: 'leave' } | { readonly kind: 'size'; readonly height: number } | { readonly kind: 'say'; readonly message: object } | { readonly kind: 'tooLarge' } | { readonly kind: 'nothing' };

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null;

/** What a frame wants, of whatever it has posted. */
export function frameMessage(data: unknown): FrameMessage {
  if (!isObject(data)) return { kind: 'nothing' };
  if (data['kind'] === 'leave') return { kind: 'leave' };
  if (data['jsonrpc'] !== '2.0') return { kind: 'nothing' };
  if (data['method'] === 'ui/notifications/size-changed') {
    const height = isObject(data['params']) ? data['params']['height'] : undefined;
    return typeof height === 'number' && Number.isFinite(height) ? { kind: 'size', height: Math.min(viewLimits.height.most, Math.max(viewLimits.height.least, Math.ceil(height))) } : { kind: 'nothing' };
  }
  try {
    // As text and back: what is no JSON, and what only a window could hold, goes no further.
    const text = JSON.stringify(data);
    return text.length > viewLimits.messageCharacters ? { kind: 'tooLarge' } : { kind: 'say', message: JSON.parse(text) as object };
  } catch {
    return { kind: 'nothing' };
  }
}

/** Counts the messages of a frame. True as long as it keeps to what a view may send in a second. */
export function messageRate(now: () => number): () => boolean {
  let second = 0;
  let count = 0;
  return () => {
    const current = Math.floor(now() / 1000);
    count = current === second ? count + 1 : 1;
    second = current;
    return count <= viewLimits.messagesPerSecond;
  };
}

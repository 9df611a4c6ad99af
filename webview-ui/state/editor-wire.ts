import type { Wire } from '../../src/shared/rpc.ts';
import { isFromFrame } from '../from-frame.ts';

/** The page's end of the channel to the extension. */
export function editorWire(api: EditorApi): Wire {
  return {
    post: (message) => api.postMessage(message),
    listen: (listener) => {
      const onMessage = (event: MessageEvent<unknown>) => {
        if (!isFromFrame(event)) listener(event.data);
      };
      window.addEventListener('message', onMessage);
      return { [Symbol.dispose]: () => window.removeEventListener('message', onMessage) };
    },
  };
}

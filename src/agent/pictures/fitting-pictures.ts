import type { ModelClient, ModelRequest } from '../../models/model-client.ts';
import { toErrorInfo } from '../../shared/errors.ts';
import { hasPictures, withoutPictures } from './pictures.ts';

/** A model that takes over from one that saw pictures: it gets a sentence in the place of each where it sees none, or refuses those that it is sent. */
export function fittingPictures(client: ModelClient): ModelClient {
  const { info } = client;
  if (info.images === true) return client;
  const inWords = (request: ModelRequest): ModelRequest => ({ ...request, messages: withoutPictures(request.messages, `${info.id} sees no pictures`) });
  return {
    info,
    async *stream(request, signal) {
      if (!request.messages.some(hasPictures)) return yield* client.stream(request, signal);
      if (info.images === false) return yield* client.stream(inWords(request), signal);
      let begun = false;
      try {
        for await (const event of client.stream(request, signal)) {
          begun = true;
          yield event;
        }
      } catch (error) {
        if (begun || signal.aborted || toErrorInfo(error).code !== 'model-refused') throw error;
        yield* client.stream(inWords(request), signal);
      }
    },
  };
}

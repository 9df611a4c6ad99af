import { SseData } from '../policy/sse-data.ts';

/** The data of each event of a stream, as it comes. An event that the end of the stream cuts off is none. */
export async function* sseData(body: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const events = new SseData();
  for await (const chunk of body) yield* events.take(chunk);
}

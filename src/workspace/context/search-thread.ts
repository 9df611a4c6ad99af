import { Worker } from 'node:worker_threads';
import { AssassinError } from '../../shared/errors.ts';
import type { SearchQuery, SearchResult } from './search.ts';

const limitMs = 30_000;

type Answer = { readonly result: SearchResult } | { readonly problem: string };

/** A search without ripgrep, in a thread of its own that has ended when the promise settles. Throws `invalid-input` and `timeout`. */
export async function searchInThread(entry: URL, workspace: string, query: SearchQuery, signal: AbortSignal): Promise<SearchResult> {
  signal.throwIfAborted();
  const worker = new Worker(entry, { workerData: { workspace, query }, env: {}, stdout: true, stderr: true, resourceLimits: { maxOldGenerationSizeMb: 256 } });
  let timer: NodeJS.Timeout | undefined;
  let cancel: (() => void) | undefined;
  try {
    const answer = await new Promise<Answer>((resolve, reject) => {
      cancel = () => reject(signal.reason);
      signal.addEventListener('abort', cancel, { once: true });
      timer = setTimeout(() => reject(new AssassinError('timeout', `The search took more than ${limitMs} ms.`, { hint: 'Search a folder, or for plain text.' })), limitMs);
      worker.once('message', resolve);
      worker.once('error', (cause) => reject(new AssassinError('tool-failed', `The search failed: ${cause instanceof Error ? cause.message : String(cause)}`, { cause })));
      worker.once('exit', () => reject(new AssassinError('tool-failed', 'The search ended without an answer.')));
    });
    if ('problem' in answer) throw new AssassinError('invalid-input', `The pattern cannot be searched for: ${answer.problem}`, { hint: 'Change the regular expression, or search for plain text.' });
    return answer.result;
  } finally {
    clearTimeout(timer);
    if (cancel) signal.removeEventListener('abort', cancel);
    await worker.terminate();
  }
}

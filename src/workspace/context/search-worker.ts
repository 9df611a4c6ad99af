import { parentPort, workerData } from 'node:worker_threads';
import type { SearchQuery } from './search.ts';
import { searchFiles } from './search-files.ts';

/** Beside the editor's own thread: a pattern may take for ever on an unlucky line, and only a thread of its own can be ended then. */
const { workspace, query } = workerData as { readonly workspace: string; readonly query: SearchQuery };
try {
  parentPort?.postMessage({ result: await searchFiles(workspace, query) });
} catch (error) {
  parentPort?.postMessage({ problem: error instanceof Error ? error.message : String(error) });
}

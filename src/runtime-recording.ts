import { writeFile } from 'node:fs/promises';
import { nothingRecorded, recordSession } from './browser/recorder/record-session.ts';
import type { RecordedStep } from './browser/recorder/recorded-steps.ts';
import { freezeRun } from './chains/freeze-run.ts';
import type { FrozenChain } from './chains/freeze.ts';
import { netAction } from './policy/action.ts';
import type { RunHandle } from './run/run-manager.ts';
import type { RunScope } from './run/run-scope.ts';
import type { Runtime } from './runtime.ts';
import { AssassinError } from './shared/errors.ts';
import type { JsonObject } from './shared/json.ts';
import { FileIndex } from './workspace/context/file-index.ts';

export interface RecordingRequest {
  readonly url: string;
  /** Further grants, for other hosts that the site needs. */
  readonly grants?: readonly string[];
  /** Aborts when the person has done all that he wanted; closing the window says the same. */
  readonly stop: AbortSignal;
}

/** A person takes his time. */
const recordingBudget = { wallMs: 60 * 60_000, browserSeconds: 60 * 60 };

/**
 * Opens an address in a throwaway browser with a window and records what the person does there as the steps of a run, which `saveRecording` makes a chain of. It may
 * reach that address and what `grants` name. Throws `invalid-input` for what is no address; the run fails with `not-supported` where there is no screen.
 */
export function startRecording(runtime: Runtime, { url, grants = [], stop }: RecordingRequest): Promise<RunHandle> {
  const address = URL.parse(url);
  if (address === null || !/^https?:$/.test(address.protocol)) throw new AssassinError('invalid-input', `"${url}" is not an address.`, { hint: 'Give an address such as http://localhost:5173.' });
  const start = { grants: ['browser', `net ${address.origin}`, ...grants], budget: recordingBudget };
  return runtime.startWork({ title: `Recording of ${address.host}`, source: 'browser record', input: { url: address.href } }, start, async (scope) => {
    const lease = await runtime.browsers.leaseVisible(scope);
    const files = new FileIndex(runtime.workspace);
    let acted = 0;
    let written = Promise.resolve();
    const done = (step: RecordedStep) => {
      if (step.tool !== 'browser.open' && step.tool !== 'page.waitFor') acted += 1;
      written = written.then(() => write(scope, step, files));
      // Heard of below; until then the window may stay open for long.
      written.catch(() => undefined);
    };
    await recordSession({ scope, session: lease.resource, url: address.href, stop, done });
    await written;
    if (acted === 0) throw nothingRecorded();
    return { actions: acted };
  });
}

async function write(scope: RunScope, { tool, input, output }: RecordedStep, files: FileIndex): Promise<void> {
  const known = tool === 'page.upload' ? await inWorkspace(input, files) : input;
  await scope.step({ kind: 'browser', name: tool, input: known }, async (step) => {
    const url = tool === 'browser.open' || tool === 'page.goto' ? URL.parse(String(input['url'])) : null;
    // What the person has done was let through by these; the chain needs them too.
    if (tool === 'browser.open') await scope.gate.check({ kind: 'browser' }, step);
    if (url !== null) await scope.gate.check(netAction(url), step);
    return output;
  });
}

/** A browser tells the names of chosen files, never where they lie: one of that name in the workspace is most likely meant. */
async function inWorkspace(input: JsonObject, files: FileIndex): Promise<JsonObject> {
  const { files: all } = await files.list();
  const names = Array.isArray(input['files']) ? input['files'].map(String) : [];
  return { ...input, files: names.map((name) => {
    const found = all.filter((file) => file === name || file.endsWith(`/${name}`));
    return found.length === 1 ? found[0]! : name;
  }) };
}

/** Makes a chain of a recording: among those of the workspace under `name`, or at `out`, an absolute path where nothing may be yet. Throws what `Runtime.freeze` throws. */
export async function saveRecording(runtime: Runtime, run: string, { name, out }: { readonly name?: string; readonly out?: string } = {}): Promise<FrozenChain> {
  if (out === undefined) return runtime.freeze(run, name, { pages: true });
  const frozen = await freezeRun({ events: runtime.events(run), workspace: runtime.workspace, readBlob: (hash) => runtime.store.blobs.read(hash), ...(name === undefined ? {} : { name }) }, true);
  try {
    await writeFile(out, frozen.text, { flag: 'wx' });
  } catch (cause) {
    throw new AssassinError('invalid-input', `${out} could not be written: ${cause instanceof Error && 'code' in cause && cause.code === 'EEXIST' ? 'there is such a file already' : String(cause)}.`, { hint: `Give another file. The recording is kept: "browser freeze ${run}" makes a chain of it.`, cause });
  }
  return { ...frozen, path: out };
}

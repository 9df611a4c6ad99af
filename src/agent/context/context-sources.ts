import type { UntrustedSource } from '../../shared/approvals.ts';
import type { EditorContext } from '../../workspace/context/editor-context.ts';

/** Where the context of a task comes from, beside the workspace. */
export interface ContextSources {
  /** Absent on the command line. */
  readonly editor?: EditorContext;
  /** Whether the person trusts this workspace: only then do its instruction files count. */
  readonly trusted: () => boolean;
  /** An earlier run of this workspace in words, with what it had read that strangers wrote; `undefined` where there is none of that id. */
  readonly describeRun: (run: string) => Promise<{ readonly text: string; readonly untrusted: readonly UntrustedSource[] } | undefined>;
}

export const noSources: ContextSources = { trusted: () => true, describeRun: () => Promise.resolve(undefined) };

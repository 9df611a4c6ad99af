import { extname } from 'node:path';
import type { ModelPicture } from '../../models/model-client.ts';
import { StoredPicture } from '../../models/picture.ts';
import type { RunScope } from '../../run/run-scope.ts';
import { AssassinError } from '../../shared/errors.ts';
import type { MentionKind } from '../../shared/mentions.ts';
import { withoutLineHeader } from '../../tools/line-header.ts';
import type { ToolRegistry } from '../../tools/registry.ts';
import { readBytes } from '../../workspace/files.ts';
import type { Mention } from '../../workspace/context/mentions.ts';
import { resolvePath } from '../../workspace/paths.ts';
import type { ContextSources } from './context-sources.ts';

export interface Resolving {
  readonly scope: RunScope;
  readonly tools: ToolRegistry;
  readonly sources: ContextSources;
  /** The step that its own steps belong to. */
  readonly step: string;
}

/** What a mention stands for. `image` instead of text for pictures. */
export interface ResolvedMention {
  readonly kind: MentionKind | 'image';
  readonly source: string;
  readonly text: string;
  readonly image?: ModelPicture;
  readonly from?: number;
  readonly to?: number;
}

const pictures: Readonly<Record<string, string>> = { '.png': 'image/png', '.jpg': 'image/jpeg', '.jpeg': 'image/jpeg', '.gif': 'image/gif', '.webp': 'image/webp' };
/** Providers take no larger ones. */
const maxPictureBytes = 5 * 1024 * 1024;
const maxFiles = 500;

/** Reads what a mention names, through the gate. `undefined`: `@word` that is no file. Throws where something that was clearly meant cannot be given. */
export async function resolveMention(mention: Mention, context: Resolving): Promise<ResolvedMention | undefined> {
  const { tools, scope, step } = context;
  switch (mention.kind) {
    case 'file':
      return file(mention, context);
    case 'folder':
      return folder(mention.path, context);
    case 'problems': {
      const problems = await tools.call('workspace.problems', mention.path === undefined ? {} : { path: mention.path }, scope, step);
      const lines = (problems as readonly { readonly path: string; readonly line: number; readonly severity: string; readonly message: string }[]).map(({ path, line, severity, message }) => `${path}:${line} ${severity}: ${message}`);
      return { kind: 'problems', source: mention.path ?? 'the editor', text: lines.join('\n') || 'No problems.' };
    }
    case 'diff':
      return diff(mention.ref ?? 'HEAD', context);
    case 'url':
      return page(mention.url, context);
    case 'run': {
      const described = await context.sources.describeRun(mention.run);
      if (described === undefined) throw new AssassinError('run-not-found', `This workspace has no run ${mention.run}.`, { hint: 'List the runs, and give the id of one.' });
      if (described.untrusted.length > 0) scope.gate.mark({ kind: 'run', source: mention.run, step });
      return { kind: 'run', source: mention.run, text: described.text };
    }
    case 'selection':
      return selection(context);
    case 'terminal': {
      const text = await editorOf(context, '@terminal').terminal();
      if (text === undefined || text.trim() === '') throw new AssassinError('not-supported', 'No terminal shows anything.', { hint: 'Open the terminal that you mean.' });
      scope.gate.mark({ kind: 'command', source: 'the active terminal', step });
      return { kind: 'terminal', source: 'the active terminal', text };
    }
  }
}

/** A handle or the name of a package has no line, no space and no ending of a file: who writes one means a file, and is told where there is none. */
function isFileName(path: string, from: number | undefined): boolean {
  return from !== undefined || /\s/.test(path) || /\.(?:[cm]?[jt]sx?|jsonc?|md|txt|pdf|csv|log|html?|css|s[ac]ss|svg|png|jpe?g|gif|webp|ya?ml|toml|xml|sql|sh|py|rs|go|rb|php|java|kt|swift|c|h|cpp|hpp|cs|vue|svelte)$/i.test(path);
}

async function file(mention: Extract<Mention, { kind: 'file' }>, context: Resolving): Promise<ResolvedMention | undefined> {
  const { scope, tools, step } = context;
  const { path, plain, from, to } = mention;
  if (plain && !isFileName(path, from) && (await tools.call('workspace.exists', { path }, scope, step)) !== true) return undefined;
  const mediaType = pictures[extname(path).toLowerCase()];
  if (mediaType !== undefined) return picture(path, mediaType, context);
  let text: string;
  try {
    text = String(await tools.call('workspace.readFile', { path, ...(from === undefined || to === undefined ? {} : { from, to }) }, scope, step));
  } catch (error) {
    // `@src` names the folder as well as `@folder:src` does.
    if (plain && AssassinError.isInstance(error) && error.code === 'invalid-input' && error.message.includes('folder')) return folder(path, context);
    throw error;
  }
  if (from === undefined || to === undefined) return { kind: 'file', source: path, text };
  const part = withoutLineHeader(text);
  return { kind: 'file', source: path, text: part.text, from, to: part.to };
}

async function picture(path: string, mediaType: string, { scope, step }: Resolving): Promise<ResolvedMention> {
  const target = await resolvePath(scope.workspace, path);
  await scope.gate.check({ kind: 'fs.read', path: target.path }, step);
  const bytes = await readBytes(target, maxPictureBytes);
  const { blob } = scope.journal.bytes(bytes, mediaType);
  return { kind: 'image', source: path, text: '', image: new StoredPicture(mediaType, blob, bytes) };
}

async function folder(path: string, { scope, tools, step }: Resolving): Promise<ResolvedMention> {
  const { files, cut } = (await tools.call('workspace.files', { folder: path, limit: maxFiles }, scope, step)) as { readonly files: readonly string[]; readonly cut: boolean };
  if (files.length === 0) throw new AssassinError('file-not-found', `There are no files in ${path}.`, { hint: 'Check the path; it is relative to the workspace, and what git ignores is left out.' });
  return { kind: 'folder', source: path, text: [...files, ...(cut ? ['... and more'] : [])].join('\n') };
}

async function diff(ref: string, { scope, tools, step }: Resolving): Promise<ResolvedMention> {
  if (!/^[\w][\w./~^@{}-]*$/.test(ref)) throw new AssassinError('invalid-input', `${JSON.stringify(ref)} is not the name of a commit.`, { hint: 'Write @diff, or @diff:main.' });
  // Nothing that the repository configures is run: no pagers, no drivers, no monitors.
  const argv = ['git', '--no-pager', '-c', 'core.fsmonitor=false', 'diff', '--no-ext-diff', '--no-textconv', '--no-color', ref, '--'];
  const { exitCode, output, blob } = (await tools.call('exec.run', { argv }, scope, step)) as { readonly exitCode: number | null; readonly output: string; readonly blob: string | null };
  if (exitCode !== 0) throw new AssassinError('tool-failed', `git gave no diff to ${ref}: ${output.trim().split('\n')[0] ?? ''}`, { hint: 'Check that the workspace is a git repository with a commit.' });
  return { kind: 'diff', source: ref, text: output.trim() === '' ? 'Nothing was changed.' : `${blob === null ? '' : '[only the end of a long diff]\n'}${output}` };
}

async function page(url: string, { scope, tools, step }: Resolving): Promise<ResolvedMention> {
  const opened = (await tools.call('browser.open', { url }, scope, step)) as { readonly page: string; readonly url: string; readonly title: string };
  try {
    const text = String(await tools.call('page.text', { page: opened.page }, scope, step));
    return { kind: 'url', source: opened.url, text: `${opened.title}\n\n${text}` };
  } finally {
    await tools.call('page.close', { page: opened.page }, scope, step).catch(() => undefined);
  }
}

async function selection(context: Resolving): Promise<ResolvedMention> {
  const { scope, step } = context;
  const selected = await editorOf(context, '@selection').selection();
  if (selected === undefined || selected.text === '') throw new AssassinError('not-supported', 'Nothing is selected in the editor.', { hint: 'Select what you mean, or name lines with @file:PATH:10-20.' });
  const { text, from, to, path } = selected;
  if (path === undefined) return { kind: 'selection', source: 'a file that is not saved', text, from, to };
  const target = await resolvePath(scope.workspace, path);
  await scope.gate.check({ kind: 'fs.read', path: target.path }, step);
  return { kind: 'selection', source: target.shown, text, from, to };
}

function editorOf({ sources }: Resolving, what: string) {
  if (sources.editor) return sources.editor;
  throw new AssassinError('not-supported', `${what} works in the editor only.`, { hint: 'Name files with @file:PATH instead.' });
}

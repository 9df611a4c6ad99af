import * as z from 'zod';
import { download, DownloadFolder } from '../browser/page-download.ts';
import { upload, type UploadFile } from '../browser/page-fields.ts';
import { har } from '../browser/page-har.ts';
import { pdf, screenshot } from '../browser/page-pictures.ts';
import type { PageSession } from '../browser/page-session.ts';
import { newTemporaryPath } from '../run/temp-dir.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import { ownEntry } from '../shared/own-entry.ts';
import { readBytes } from '../workspace/files.ts';
import { resolvePath, type ResolvedPath } from '../workspace/paths.ts';
import { action, actionMs, outputOf, page, selector } from './page-inputs.ts';
import type { PageToolOptions } from './page-tool-options.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool, type ToolContext } from './tool.ts';

const effects = { readOnly: true, openWorld: true, untrustedOutput: true };
const part = selector.optional().describe('Only this element; the whole page where absent.');
const stored = z.object({ blob: z.string(), bytes: z.number(), mediaType: z.string() });
/** Of all files of one upload together: they cross to the page as one message. */
const maxUploadBytes = 20 * 1024 * 1024;

const file = z.union([
  z.string().min(1).max(4096).describe('A file of the workspace; needs fs.read.'),
  z.strictObject({ name: z.string().min(1).max(255), text: z.string(), mediaType: z.string().max(100).default('text/plain') }),
  z.strictObject({ name: z.string().min(1).max(255), blob: z.string().regex(/^[0-9a-f]{64}$/), mediaType: z.string().max(100).default('application/octet-stream') }),
]);

/** Tools that bring files into a page or out of it. What comes out is kept with the run, never written elsewhere. */
export function pageFileTools(browsers: RunBrowsers, { readBlob, version = '0' }: PageToolOptions): readonly Tool[] {
  const traced = new WeakSet<PageSession>();
  // What was decided on is what is read.
  const decided = new WeakMap<ToolContext, ReadonlyMap<string, ResolvedPath>>();
  const keep = (scope: RunScope, bytes: Uint8Array, type: string) => {
    const { blob, bytes: size, mediaType } = scope.journal.bytes(bytes, type);
    return { blob, bytes: size, mediaType };
  };
  return [
    defineTool({
      name: 'page.upload', title: 'Upload files', kind: 'browser', effects: { ...effects, readOnly: false },
      description: 'Puts files into a file field, or drops them on any other element: files of the workspace by path, text, or blobs of the run.',
      outputSchema: outputOf(action),
      input: z.object({ page, selector, files: z.array(file).min(1).max(50), timeoutMs: actionMs }),
      actions: async ({ files }, context) => {
        const paths = await Promise.all(files.filter((each) => typeof each === 'string').map(async (each) => [each, await resolvePath(context.scope.workspace, each)] as const));
        decided.set(context, new Map(paths));
        return paths.map(([, { path }]) => ({ kind: 'fs.read', path }));
      },
      run: async ({ page, selector, files, timeoutMs }, context) => {
        const { scope } = context;
        const read = await Promise.all(files.map(async (each): Promise<UploadFile> => {
          if (typeof each === 'string') {
            const path = decided.get(context)!.get(each)!;
            const bytes = await readBytes(path);
            scope.gate.spend({ kind: 'fs.read', path: path.path }, { bytes: bytes.length });
            return { name: path.shown.split('/').at(-1)!, mediaType: mediaTypeOf(path.shown), bytes };
          }
          if ('text' in each) return { ...each, bytes: Buffer.from(each.text) };
          const bytes = await readBlob?.(scope.id, each.blob);
          if (bytes === undefined) throw new AssassinError('invalid-input', `This run has no blob ${each.blob.slice(0, 12)}….`, { hint: 'Use the blob that a tool of this run gave.' });
          return { ...each, bytes };
        }));
        const total = read.reduce((sum, { bytes }) => sum + bytes.length, 0);
        if (total > maxUploadBytes) throw new AssassinError('invalid-input', `The files have ${total} bytes, more than the ${maxUploadBytes} of one upload.`, { hint: 'Upload fewer or smaller files at once.' });
        return { ...(await upload(browsers.of(scope).page(page), selector, read, timeoutMs)) };
      },
    }),
    defineTool({
      name: 'page.download', title: 'Download a file', kind: 'browser', effects: { ...effects, readOnly: false },
      description: 'Clicks what leads to a file and keeps that file with the run. Gives its blob id, name and size. No other download is let through.',
      outputSchema: outputOf(stored.extend({ name: z.string(), url: z.string() })),
      input: z.object({ page, selector, timeoutMs: actionMs }),
      actions: () => [{ kind: 'browser' }],
      run: async ({ page, selector, timeoutMs }, { scope }) => {
        const path = newTemporaryPath('d');
        const lease = await scope.lease({ kind: 'temp-dir', label: 'Download', identity: { path } }, () => new DownloadFolder(path).make());
        try {
          const { name, url, bytes } = await download(browsers.of(scope).page(page), selector, path, timeoutMs);
          return { ...keep(scope, bytes, mediaTypeOf(name)), name, url };
        } finally {
          await lease.release();
        }
      },
    }),
    defineTool({
      name: 'page.screenshot', title: 'Take a screenshot', kind: 'browser', effects,
      description: 'A PNG of what is visible, of the full page (up to 16,000 pixels each way) or of one element, stored with the run; with annotate the references of the last snapshot are drawn on it. Gives its blob id and size.',
      outputSchema: outputOf(stored.extend({ width: z.number(), height: z.number() })),
      input: z.object({ page, fullPage: z.boolean().default(false), selector: part, annotate: z.boolean().default(false) }),
      run: async ({ page, fullPage, selector, annotate }, { scope }) => {
        const { png, width, height } = await screenshot(browsers.of(scope).page(page), { fullPage, annotate, ...(selector === undefined ? {} : { selector }) });
        return { ...keep(scope, png, 'image/png'), width, height };
      },
    }),
    defineTool({
      name: 'page.pdf', title: 'Print to PDF', kind: 'browser', effects,
      description: 'The page as a PDF, stored with the run. Gives its blob id and size.',
      outputSchema: outputOf(stored),
      input: z.object({ page, landscape: z.boolean().default(false), background: z.boolean().default(true), format: z.enum(['a4', 'letter']).default('a4') }),
      run: async ({ page, ...options }, { scope }) => keep(scope, await pdf(browsers.of(scope).page(page), options), 'application/pdf'),
    }),
    defineTool({
      name: 'page.har', title: 'Export the network as HAR', kind: 'browser', effects,
      description: 'The last 1,000 requests of a page in the HTTP archive format, without bodies and credentials, stored with the run. Gives its blob id and size.',
      outputSchema: outputOf(stored.extend({ entries: z.number() })),
      input: z.object({ page }),
      run: ({ page }, { scope }) => {
        const { network } = browsers.of(scope).page(page).record;
        return Promise.resolve({ ...keep(scope, Buffer.from(JSON.stringify(har(network, version))), 'application/json'), entries: network.length });
      },
    }),
    defineTool({
      name: 'page.startTrace', title: 'Start a trace', kind: 'browser', effects: { readOnly: false },
      description: "Begins to record the browser's performance trace of a page. One at a time.",
      outputSchema: outputOf(z.null()),
      input: z.object({ page, screenshots: z.boolean().default(false) }),
      run: async ({ page, screenshots }, { scope }) => {
        const session = browsers.of(scope).page(page);
        await session.ask('tracing', () => session.page.tracing.start({ screenshots }));
        traced.add(session);
        return null;
      },
    }),
    defineTool({
      name: 'page.stopTrace', title: 'Stop the trace', kind: 'browser', effects,
      description: 'Ends the trace and keeps it with the run, to be opened in the Performance panel of a browser. Gives its blob id and size.',
      outputSchema: outputOf(stored),
      input: z.object({ page }),
      run: async ({ page }, { scope }) => {
        const session = browsers.of(scope).page(page);
        // Asked without one, the browser would hand the next trace to this question.
        if (!traced.delete(session)) throw new AssassinError('page-failed', `No trace of ${page} was started.`, { hint: 'Begin one with page.startTrace.' });
        const bytes = await session.ask('its trace', () => session.page.tracing.stop());
        return keep(scope, bytes ?? new Uint8Array(), 'application/json');
      },
    }),
  ];
}

const mediaTypes: Readonly<Record<string, string>> = { txt: 'text/plain', csv: 'text/csv', html: 'text/html', json: 'application/json', pdf: 'application/pdf', png: 'image/png', jpg: 'image/jpeg', jpeg: 'image/jpeg', gif: 'image/gif', webp: 'image/webp', svg: 'image/svg+xml', zip: 'application/zip', md: 'text/markdown', xml: 'application/xml' };

function mediaTypeOf(name: string): string {
  return ownEntry(mediaTypes, name.split('.').at(-1)?.toLowerCase() ?? '') ?? 'application/octet-stream';
}

import * as z from 'zod';
import { changedLines, snapshotLines } from '../browser/page-snapshot.ts';
import { estimateTokens } from '../models/usage.ts';
import { charactersPerToken } from '../shared/token-estimate.ts';
import { outputOf, page, selector } from './page-inputs.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool } from './tool.ts';

/** Tokens of a snapshot unless the caller says otherwise. */
export const snapshotTokens = 5000;
/** Read from the page at most this much more than is shown, to be able to say how much there is. Never less than for the default: what a small one left unread would look new in the next diff. */
const readFactor = 10;

/** The page as a model or a person reads it quickest. */
export function pageSnapshotTool(browsers: RunBrowsers): Tool {
  return defineTool({
    name: 'page.snapshot', title: 'Take a snapshot', kind: 'browser', effects: { readOnly: true, openWorld: true, untrustedOutput: true },
    description: `What is on a page as indented lines: role, name, states, ="value", and for what can be used a reference such as e12, to be given as the selector "ref=e12". Frames are read too. An element keeps its reference from one snapshot to the next. With diff only the lines that came (+) and went (-) since the last one. The last line states the tokens; cut at maxTokens (default ${snapshotTokens}).`,
    outputSchema: outputOf(z.string()),
    input: z.object({
      page, selector: selector.optional().describe('Only this part of the page, or the content of this frame.'),
      maxTokens: z.number().int().min(50).max(50_000).default(snapshotTokens),
      interactiveOnly: z.boolean().default(false).describe('Only what can be used, without texts.'),
      diff: z.boolean().default(false),
    }),
    run: async ({ page, selector, maxTokens, interactiveOnly, diff }, { scope }) => {
      const session = browsers.of(scope).page(page);
      const lines = await snapshotLines(session, { maxCharacters: Math.max(maxTokens, snapshotTokens) * charactersPerToken * readFactor, interactiveOnly, ...(selector === undefined ? {} : { selector }) });
      // A part and a whole would differ in everything.
      const before = diff ? session.lastSnapshot : undefined;
      if (selector === undefined && !interactiveOnly) session.lastSnapshot = lines;
      if (before === undefined) return stated(lines, maxTokens);
      const changed = changedLines(before, lines);
      return changed === undefined ? '[nothing has changed]' : stated(changed, maxTokens);
    },
  });
}

function stated(lines: readonly string[], maxTokens: number): string {
  const whole = lines.join('\n');
  const tokens = estimateTokens(whole);
  if (tokens <= maxTokens) return `${whole}\n[${tokens} tokens, estimated]`;
  const cut = whole.slice(0, whole.lastIndexOf('\n', maxTokens * charactersPerToken));
  return `${cut}\n[cut at ${maxTokens} of at least ${tokens} tokens, estimated; ask for a part with selector, or for interactiveOnly]`;
}

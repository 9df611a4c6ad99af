import { AssassinError } from '../shared/errors.ts';
import { allFrames, worldOf } from './page-frames.ts';
import type { PageSession } from './page-session.ts';

export interface AxeViolation {
  readonly rule: string;
  readonly impact: string;
  readonly help: string;
  readonly helpUrl: string;
  /** Selectors, 20 at most. */
  readonly elements: readonly string[];
  readonly count: number;
}

/** Longest for one document. */
const axeMs = 60_000;

/** What axe-core finds in all documents of a page. It runs in our own world: the page does not see it, and cannot change what it says. */
export async function axeViolations(session: PageSession, source: string): Promise<readonly AxeViolation[]> {
  const found: AxeViolation[] = [];
  for (const frames of [[], ...allFrames(session)]) {
    const world = worldOf(session, frames);
    const answer = await session.ask('its accessibility', () => world.evaluate(`(async () => {
      if (globalThis.axe === undefined) { ${source}\n; }
      const { violations } = await globalThis.axe.run(document, { iframes: false, resultTypes: ['violations'] });
      return JSON.stringify(violations.map(({ id, impact, help, helpUrl, nodes }) => ({
        rule: id, impact: impact ?? 'minor', help, helpUrl, count: nodes.length, elements: nodes.slice(0, 20).map(({ target }) => target.flat().join(' >>> ').slice(0, 300)),
      })));
    })()`), axeMs).catch((error: unknown) => {
      // A frame may go away meanwhile; the document itself must be checked.
      if (frames.length > 0) return '[]';
      throw error;
    });
    if (typeof answer !== 'string') throw new AssassinError('internal', 'The checker of accessibility gave no answer.');
    found.push(...(JSON.parse(answer) as AxeViolation[]));
  }
  return found;
}

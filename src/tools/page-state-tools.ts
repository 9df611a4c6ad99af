import { randomUUID } from 'node:crypto';
import * as z from 'zod';
import { loadState, parseState, saveState, secretsOf, stateText, type StorageState } from '../browser/page-state.ts';
import { isSecretName, isSecretReference, secretReference } from '../policy/secret-references.ts';
import type { RunScope } from '../run/run-scope.ts';
import { AssassinError } from '../shared/errors.ts';
import { outputOf, page } from './page-inputs.ts';
import type { PageToolOptions } from './page-tool-options.ts';
import type { RunBrowsers } from './run-browsers.ts';
import { defineTool, type Tool } from './tool.ts';

const secret = z.string().refine(isSecretName, 'must be a name of letters, digits, dots, dashes and underscores');

/** Tools for who is logged in: remembered by the run, or beyond it as a secret. No program, model or record gets to see it. */
export function pageStateTools(browsers: RunBrowsers, { hide, secrets }: PageToolOptions): readonly Tool[] {
  const states = new WeakMap<RunScope, Map<string, StorageState>>();
  return [
    defineTool({
      name: 'page.saveState', title: 'Remember who is logged in', kind: 'browser', effects: { readOnly: false },
      description: 'Keeps the cookies of the browser and the local storage of the page in the memory of the run, and gives a name for them; with "secret" also beyond the run, under that name. The values themselves are given to nobody and appear in no record.',
      outputSchema: outputOf(z.object({ state: z.string(), cookies: z.number(), entries: z.number(), origin: z.string() })),
      input: z.object({ page, secret: secret.optional().describe('Keep it as this secret, for page.loadState of later runs. Needs the grant "secret NAME".') }),
      actions: ({ secret }) => (secret === undefined ? [] : [{ kind: 'secret', name: secret }]),
      run: async ({ page, secret }, { scope }) => {
        const state = await saveState(browsers.of(scope).page(page));
        hide?.(secretsOf(state));
        const name = secret === undefined ? randomUUID() : secretReference(secret);
        if (secret === undefined) states.set(scope, (states.get(scope) ?? new Map<string, StorageState>()).set(name, state));
        else await keep(secrets, secret, stateText(state));
        return { state: name, cookies: state.cookies.length, entries: state.localStorage.length, origin: state.origin };
      },
    }),
    defineTool({
      name: 'page.loadState', title: 'Log in again', kind: 'browser', effects: { readOnly: false },
      description: 'Puts remembered cookies into the browser of a page, and the local storage where the page is on its origin (gives false where it is not).',
      outputSchema: outputOf(z.boolean()),
      secretFields: ['state'],
      input: z.object({ page, state: z.string().describe('What page.saveState of this run gave, or ${secret:NAME} for what a run has kept as a secret.') }),
      run: ({ page, state }, context) => {
        const { scope } = context;
        const known = states.get(scope)?.get(state) ?? (context.secret === true && !isSecretReference(state) ? parseState(state) : undefined);
        if (known === undefined) {
          throw new AssassinError('invalid-input', context.secret === true ? 'This secret holds no cookies and storage of a page.' : 'This run remembers no such state.', { hint: 'Use what page.saveState gave, or the secret that it was told to keep.' });
        }
        hide?.(secretsOf(known));
        return loadState(browsers.of(scope).page(page), known);
      },
    }),
  ];
}

/** A run that may keep who is logged in must not replace a key or password by it, which nobody could get back. */
async function keep(secrets: PageToolOptions['secrets'], name: string, text: string): Promise<void> {
  if (secrets?.store === undefined) {
    throw new AssassinError('invalid-config', `Nothing can be kept as the secret "${name}" here.`, { hint: 'Secrets of the command line come from its environment, which a run cannot change. Save it with a run in the editor.', data: { secret: name } });
  }
  const before = await secrets.value(name);
  if (before !== undefined && before !== '' && parseState(before) === undefined) {
    throw new AssassinError('invalid-input', `The secret "${name}" holds something else.`, { hint: 'Choose another name, or forget that secret first.', data: { secret: name } });
  }
  await secrets.store(name, text);
}

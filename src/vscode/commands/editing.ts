import * as vscode from 'vscode';
import { describeError } from '../../shared/errors.ts';
import { placeOf, type PlaceTarget } from '../editing/place-target.ts';
import { removeComment } from '../editing/remove-comment.ts';
import { mentionOf, savedDocument, startEditorTask } from '../editing/start-task.ts';
import type { Services } from '../services.ts';

/** Lines around a comment that the model is shown; the rest of the file it can read. */
const around = 40;

export async function fixProblem(services: Services, target?: unknown): Promise<string | undefined> {
  const place = await placeOf(target);
  if (!place) return nothingThere();
  const { uri, range } = place;
  const found = vscode.languages.getDiagnostics(uri).filter((each) => each.range.intersection(range) !== undefined);
  const problems = place.problems.length > 0 ? place.problems : found.map(({ message, range: at }) => `line ${at.start.line + 1}: ${message}`);
  if (problems.length === 0) return nothingThere();
  const text = `Fix ${problems.length === 1 ? 'this problem' : 'these problems'} in ${whereOf(place)}:\n${problems.map((problem) => `- ${problem}`).join('\n')}\n\nChange no more than it needs, and check the result if there is a way to.`;
  return started(services, place, text);
}

export async function writeTest(services: Services, target?: unknown): Promise<string | undefined> {
  const place = await placeOf(target);
  if (!place) return nothingThere();
  return started(services, place, `Write a test for ${what(place)} in ${whereOf(place)}. Follow the tests that this project has: where they lie, what they run on, how they are written. Test what could go wrong too. Run it if you can; do not change the code under test.`);
}

export async function explainCode(services: Services, target?: unknown): Promise<string | undefined> {
  const place = await placeOf(target);
  if (!place) return nothingThere();
  return started(services, place, `Explain ${what(place)} in ${whereOf(place)}: what it does, why, and what to watch out for. Change nothing.`);
}

/** Carries out the instruction of a comment. The comment goes when the task has ended well and changed something; else it stays, and can be tried again. */
export async function doComment(services: Services, target?: unknown): Promise<string | undefined> {
  const { uri, line, text } = (target ?? {}) as { readonly uri?: unknown; readonly line?: unknown; readonly text?: unknown };
  if (!(uri instanceof vscode.Uri) || typeof line !== 'number' || typeof text !== 'string') return nothingThere();
  const place = await placeOf({ ...(target as object), range: new vscode.Range(line, 0, line, 0), symbol: '' });
  const document = await savedDocument(uri);
  const near = mentionOf(uri, Math.max(0, line - around), Math.min(document.lineCount - 1, line + around));
  const words = `${text}\n\nThis is said in a comment in line ${line + 1} of ${near}, and is about that place. Leave the comment itself alone: it is taken away when you have changed something.`;
  const handle = await startEditorTask(services, words, place ? optionsOf(place) : {});
  if (!handle) return undefined;
  void handle.outcome.then(async ({ state, result }) => {
    const { changed = [] } = (result ?? {}) as { readonly changed?: readonly unknown[] };
    if (state === 'done' && changed.length > 0) await removeComment(uri, text, line);
  }).catch((error: unknown) => services.log.warn(`The comment in ${uri.fsPath} could not be taken away: ${describeError(error)}`));
  return handle.id;
}

async function started(services: Services, place: PlaceTarget, text: string): Promise<string | undefined> {
  await savedDocument(place.uri);
  return (await startEditorTask(services, text, optionsOf(place)))?.id;
}

function optionsOf({ model, tokens }: PlaceTarget): { readonly model?: string; readonly budget?: { readonly tokens: number } } {
  return { ...(model === undefined ? {} : { model }), ...(tokens === undefined ? {} : { budget: { tokens } }) };
}

function what({ symbol }: PlaceTarget): string {
  return symbol === undefined || symbol === '' ? 'this code' : symbol;
}

function whereOf({ uri, range }: PlaceTarget): string {
  return mentionOf(uri, range.start.line, range.end.line);
}

function nothingThere(): undefined {
  vscode.window.setStatusBarMessage(vscode.l10n.t('There is nothing for the agent at this place: put the cursor into a file of the folder, on a problem, a selection or a function.'), 8000);
  return undefined;
}

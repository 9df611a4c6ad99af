import * as vscode from 'vscode';
import { problemOf, valueOf, type FormField } from '../mcp/requests/form-fields.ts';
import type { FormAnswer, FormRequest, McpPerson, SamplingReview, VisitRequest } from '../mcp/requests/person.ts';
import type { Json } from '../shared/json.ts';
import { openInBrowser } from './open-in-browser.ts';

/** More than this is not read in a dialog; it is opened as a text beside it. */
const dialogLength = 3000;

/** What MCP servers ask of the person, in dialogs of the editor, one at a time. The first button of each refuses: a key that was meant for a file must not agree to anything. */
export class EditorPerson implements McpPerson {
  readonly canAsk = true;
  readonly showsViews = true;
  #last: Promise<unknown> = Promise.resolve();

  form(request: FormRequest): Promise<FormAnswer> {
    return this.#inTurn(request.signal, { action: 'cancel' }, () => fillIn(request));
  }

  visit(request: VisitRequest): Promise<FormAnswer['action']> {
    return this.#inTurn(request.signal, 'cancel', () => visit(request));
  }

  review(request: SamplingReview): Promise<boolean> {
    return this.#inTurn(request.signal, false, () => review(request));
  }

  #inTurn<T>(signal: AbortSignal, otherwise: T, work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(async () => {
      if (signal.aborted) return otherwise;
      const answer = await work();
      // A dialog cannot be taken back: what is clicked in one whose time is over must not count.
      return signal.aborted ? otherwise : answer;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }
}

async function fillIn({ server, message, fields, signal }: FormRequest): Promise<FormAnswer> {
  const answer = vscode.l10n.t('Answer');
  const decline = vscode.l10n.t('Do not answer');
  const picked = await vscode.window.showInformationMessage(
    vscode.l10n.t('The MCP server {0} asks you for values.', server),
    { modal: true, detail: `${message}\n\n${fields.map(({ title, required }) => (required ? `${title} *` : title)).join('\n')}` }, decline, answer,
  );
  if (picked === decline) return { action: 'decline' };
  if (picked !== answer) return { action: 'cancel' };
  const content: Record<string, Json> = {};
  const source = new vscode.CancellationTokenSource();
  const onAbort = () => source.cancel();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    for (const [index, field] of fields.entries()) {
      const value = await askFor(field, `${server} (${index + 1}/${fields.length})`, source.token);
      if (value === undefined) return { action: 'cancel' };
      if (value.given !== undefined) content[field.name] = value.given;
    }
    return { action: 'accept', content };
  } finally {
    signal.removeEventListener('abort', onAbort);
    source.dispose();
  }
}

interface Given {
  readonly given: Json | undefined;
}

/** `undefined` where the person gave up. */
async function askFor(field: FormField, title: string, token: vscode.CancellationToken): Promise<Given | undefined> {
  const prompt = [field.title, field.description].filter((part) => part !== undefined).join(': ');
  switch (field.type) {
    case 'text':
    case 'number': {
      const line = await vscode.window.showInputBox({
        title, prompt, ignoreFocusOut: true, ...(field.initial === undefined ? {} : { value: String(field.initial) }),
        validateInput: (text) => problemOf(field, valueOf(field, text)),
      }, token);
      return line === undefined ? undefined : { given: valueOf(field, line) };
    }
    case 'boolean': {
      const choices = [{ label: vscode.l10n.t('Yes'), given: true }, { label: vscode.l10n.t('No'), given: false }];
      return vscode.window.showQuickPick(field.initial === false ? choices.toReversed() : choices, { title, placeHolder: prompt, ignoreFocusOut: true }, token);
    }
    case 'one': {
      const choices = field.choices.map(({ value, label }) => ({ label, given: value, ...(label === value ? {} : { description: value }) }));
      const none = field.required ? [] : [{ label: vscode.l10n.t('No choice'), given: undefined }];
      // The one that the server suggests comes first.
      const sorted = choices.toSorted((a, b) => Number(b.given === field.initial) - Number(a.given === field.initial));
      return vscode.window.showQuickPick<vscode.QuickPickItem & Given>([...sorted, ...none], { title, placeHolder: prompt, ignoreFocusOut: true }, token);
    }
    case 'many':
      return askForMany(field, title, prompt, token);
  }
}

async function askForMany(field: Extract<FormField, { readonly type: 'many' }>, title: string, prompt: string, token: vscode.CancellationToken): Promise<Given | undefined> {
  let chosen = field.initial ?? [];
  let placeHolder = prompt;
  for (;;) {
    const items = field.choices.map(({ value, label }) => ({ label, value, picked: chosen.includes(value) }));
    const picked = await vscode.window.showQuickPick(items, { title, placeHolder, ignoreFocusOut: true, canPickMany: true }, token);
    if (picked === undefined) return undefined;
    chosen = picked.map(({ value }) => value);
    const problem = problemOf(field, chosen);
    if (problem === undefined) return { given: [...chosen] };
    placeHolder = `${prompt} ${problem}`;
  }
}

async function visit({ server, message, url, domain, warnings }: VisitRequest): Promise<FormAnswer['action']> {
  const open = vscode.l10n.t('Open {0}', domain);
  const decline = vscode.l10n.t('Do not open');
  const detail = [message, url, ...warnings].join('\n\n');
  const picked = await vscode.window.showWarningMessage(vscode.l10n.t('The MCP server {0} wants you to open a page of {1}.', server, domain), { modal: true, detail }, decline, open);
  if (picked === decline) return 'decline';
  if (picked !== open) return 'cancel';
  return (await openInBrowser(url)) ? 'accept' : 'cancel';
}

async function review({ server, model, system, messages, tools, maxTokens }: SamplingReview): Promise<boolean> {
  const whole = [
    ...(system === undefined ? [] : [`system:\n${system}`]), ...messages.map(({ role, text }) => `${role}:\n${text}`),
    ...(tools.length === 0 ? [] : [vscode.l10n.t('With tools of the server: {0}', tools.join(', '))]),
  ].join('\n\n');
  const long = whole.length > dialogLength;
  if (long) await vscode.window.showTextDocument(await vscode.workspace.openTextDocument({ content: whole, language: 'plaintext' }), { preview: true, preserveFocus: true });
  const allow = vscode.l10n.t('Allow this question');
  const deny = vscode.l10n.t('Deny');
  const picked = await vscode.window.showWarningMessage(
    vscode.l10n.t('The MCP server {0} wants to ask {1}. It gets the answer, of at most {2} tokens.', server, model, maxTokens),
    { modal: true, detail: long ? vscode.l10n.t('The whole question is open in the editor.') : whole }, deny, allow,
  );
  return picked === allow;
}

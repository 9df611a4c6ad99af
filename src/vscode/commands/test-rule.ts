import * as vscode from 'vscode';
import type { Explanation } from '../../policy/explain.ts';
import { toErrorInfo } from '../../shared/errors.ts';
import { openOrigin } from '../open-origin.ts';
import type { Services } from '../services.ts';

interface Finding extends vscode.QuickPickItem {
  /** Where the rule or grant is written. */
  readonly origin?: string;
}

const icons: Readonly<Record<Explanation['effect'], string>> = { allow: 'pass', ask: 'question', deny: 'error' };
/** Typing goes on: only what stands for this long is looked at. */
const settleMs = 150;

/** Says while one types an action what the gate would decide on it, with which rule, and where that is written; Enter opens that place. */
export async function testRule({ holder, workspace, chains }: Services): Promise<void> {
  const chain = await pickChain(await chains.list());
  if (chain === undefined) return;
  const input = vscode.window.createQuickPick<Finding>();
  input.title = chain === '' ? vscode.l10n.t('Test a rule') : vscode.l10n.t('Test a rule, with the grants of {0}', chain);
  input.placeholder = vscode.l10n.t('An action, such as: net https://shop.example, fs.write reports/x.md, exec npm test');
  let turn = 0;
  const look = async () => {
    const mine = ++turn;
    await new Promise((resolve) => setTimeout(resolve, settleMs));
    if (mine !== turn) return;
    const action = input.value.trim();
    const items = action === '' ? [] : await holder.use((runtime) => runtime.explain({ action, ...(chain === '' ? {} : { chain }) })).then(findings, problem);
    if (mine === turn) input.items = items;
  };
  await new Promise<void>((resolve) => {
    input.onDidChangeValue(() => void look());
    input.onDidAccept(() => {
      const origin = input.activeItems[0]?.origin;
      const folder = workspace();
      if (origin !== undefined && folder !== undefined) void openOrigin(origin, folder);
    });
    input.onDidHide(() => resolve());
    input.show();
  });
  turn += 1;
  input.dispose();
}

/** Empty for none; `undefined` where the person went away. */
async function pickChain(chains: readonly { readonly name: string }[]): Promise<string | undefined> {
  if (chains.length === 0) return '';
  const none = { label: vscode.l10n.t('No chain: only rules and decisions count'), name: '' };
  const picked = await vscode.window.showQuickPick([none, ...chains.map(({ name }) => ({ label: name, name }))], { title: vscode.l10n.t('Test a rule'), placeHolder: vscode.l10n.t('With the grants of which chain?') });
  return picked?.name;
}

function findings({ action, effect, reason, decidedBy, remedy }: Explanation): readonly Finding[] {
  const verdict = { allow: vscode.l10n.t('Allowed'), ask: vscode.l10n.t('Asked first'), deny: vscode.l10n.t('Denied') }[effect];
  const origin = decidedBy === undefined ? {} : { origin: decidedBy };
  return [
    { label: `$(${icons[effect]}) ${verdict}`, description: action, detail: reason, alwaysShow: true, ...origin },
    ...(remedy === undefined ? [] : [{ label: `$(lightbulb) ${vscode.l10n.t('What would change it')}`, detail: remedy, alwaysShow: true }]),
  ];
}

function problem(error: unknown): readonly Finding[] {
  const { message, hint } = toErrorInfo(error);
  return [{ label: `$(edit) ${vscode.l10n.t('Not an action yet')}`, detail: `${message} ${hint ?? ''}`, alwaysShow: true }];
}

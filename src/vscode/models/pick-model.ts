import * as vscode from 'vscode';
import type { ModelInfo } from '../../models/model-client.ts';

/** Asks for one of the models; the one that was used last stands first. */
export async function pickModel(models: readonly ModelInfo[], last: string | undefined): Promise<string | undefined> {
  const items = models.map((info) => ({ label: info.label, description: info.id === last ? vscode.l10n.t('{0}, used last', info.id) : info.id, detail: abilitiesOf(info).join(', '), info }));
  const rank = ({ id, tools }: ModelInfo) => (id === last ? 0 : tools === false ? 2 : 1);
  items.sort((a, b) => rank(a.info) - rank(b.info));
  const chosen = await vscode.window.showQuickPick(items, { title: vscode.l10n.t('Which model does the task?'), matchOnDescription: true, matchOnDetail: true, ignoreFocusOut: true });
  return chosen?.info.id;
}

/** What a model can do, as far as its provider says so; what it does not say is left out, not denied. */
export function abilitiesOf({ contextTokens, tools, images, reasoning, rate }: ModelInfo): readonly string[] {
  return [
    ...(contextTokens === undefined ? [] : [vscode.l10n.t('{0} tokens', new Intl.NumberFormat(vscode.env.language).format(contextTokens))]),
    ...(tools === undefined ? [] : [tools ? vscode.l10n.t('calls tools') : vscode.l10n.t('cannot call tools, which tasks need')]),
    ...(images === true ? [vscode.l10n.t('sees pictures')] : []),
    ...(reasoning === true ? [vscode.l10n.t('thinks before it answers')] : []),
    rate === undefined ? vscode.l10n.t('unpriced') : rate.input + rate.output === 0 ? vscode.l10n.t('costs nothing') : vscode.l10n.t('${0} in, ${1} out for a million tokens', Number(rate.input.toPrecision(3)), Number(rate.output.toPrecision(3))),
  ];
}

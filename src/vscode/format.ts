import * as vscode from 'vscode';
import type { RunSummary } from '../shared/dto.ts';
import { formatUsd } from '../shared/money.ts';

/** What a run really cost; an amount that nobody could price is not shown as nothing. */
export function formatCost({ costUsd, costMark }: Pick<RunSummary, 'costUsd' | 'costMark'>): string {
  switch (costMark) {
    case 'unknown':
      return vscode.l10n.t('unpriced');
    case 'estimated':
      return vscode.l10n.t('about {0}', formatUsd(costUsd));
    case 'measured':
    case 'billed':
    case 'computed':
      return formatUsd(costUsd);
  }
}

/** A run in the middle of a sentence. A task is called by its words, which may end one. */
export const nameOf = (title: string): string => title.replace(/[.:;,\s]+$/, '');

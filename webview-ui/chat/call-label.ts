import * as l10n from '@vscode/l10n';
import { oneLine } from '../text.ts';

/** What a call is to a person; tools that have no word of ours keep their name. */
export function callLabel(name: string): string {
  switch (name) {
    case 'Context': return l10n.t('Read beforehand');
    case 'run_code': return l10n.t('Code in a sandbox');
    case 'read_file': return l10n.t('Read');
    case 'edit_file': return l10n.t('Edit');
    case 'search_tools': return l10n.t('Look for tools');
    case 'describe_tools': return l10n.t('Read about tools');
    case 'read_result': return l10n.t('Read a stored result');
    case 'ask_person': return l10n.t('Question to you');
    case 'set_plan': return l10n.t('Task list');
    case 'delegate':
    case 'agents.run': return l10n.t('Work for an agent');
    case 'finish': return l10n.t('Finish');
    default: return oneLine(name, 80);
  }
}

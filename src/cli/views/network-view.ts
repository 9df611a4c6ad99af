import type { NetworkReport } from '../../shared/dto.ts';
import { formatBytes } from '../../shared/bytes.ts';
import type { Style } from '../style.ts';
import { oneLine, wrap } from '../text.ts';

/** Rows of each kind that are printed; all of them are in the JSON. */
const maxRows = 20;

/** What the pages of a run reached, and what they were refused and why. Empty where no page asked for anything. */
export function renderNetwork({ hosts, refused }: NetworkReport, style: Style, width: number): readonly string[] {
  const more = (count: number) => (count > maxRows ? [style.dim(`  and ${count - maxRows} more`)] : []);
  return [
    ...hosts.slice(0, maxRows).map(({ host, requests, received, sent }) => `${style.good('✓')} ${oneLine(host)}: ${requests} ${requests === 1 ? 'connection' : 'connections'}, ${formatBytes(received)} received, ${formatBytes(sent)} sent`), ...more(hosts.length),
    ...refused.slice(0, maxRows).flatMap(({ action, attempts, reason }) => [`${style.bad('✗')} ${oneLine(action)}: refused ${attempts === 1 ? 'once' : `${attempts} times`}`, ...wrap(oneLine(reason), width - 4).map((line) => style.dim(`    ${line}`))]), ...more(refused.length),
  ];
}

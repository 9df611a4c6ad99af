import type { ReportAssumptions } from '../savings/report/usage-report.ts';
import { configuration } from './settings.ts';

/** What the person says they would have bought and waited for; nothing of it where they have set nothing. What is no price is left out. */
export function savingsAssumptions(): ReportAssumptions {
  const settings = configuration(undefined);
  const prices = settings.get<Readonly<Record<string, unknown>>>('savings.subscriptions', {});
  const subscriptions = Object.entries(prices).flatMap(([name, usd]) => (typeof usd === 'number' && usd >= 0 ? [{ name, usdPerMonth: usd }] : []));
  const secondsPerColdStart = settings.get<unknown>('savings.coldStartSeconds');
  return { subscriptions, ...(typeof secondsPerColdStart === 'number' && secondsPerColdStart > 0 ? { secondsPerColdStart } : {}) };
}

import { join } from 'node:path';
import * as z from 'zod';
import type { ReportAssumptions } from '../savings/report/usage-report.ts';
import { AssassinError } from '../shared/errors.ts';
import { plainIssues } from '../shared/plain-issue.ts';
import { readSettingsFile, type SettingsFile } from './settings-file.ts';
import { userSettingsFile } from './user-settings.ts';

const subscriptionsSetting = 'infrastructureAssassin.savings.subscriptions';
const coldStartSetting = 'infrastructureAssassin.savings.coldStartSeconds';

/**
 * What the person says they would have bought and waited for, from their settings file, under the names of the editor's settings. Throws `invalid-config` naming file,
 * line and setting: a price that is left out in silence would be missing from a report that somebody hands on.
 */
export async function savingsSettings(dataDirectory: string): Promise<ReportAssumptions> {
  const path = join(dataDirectory, userSettingsFile);
  const file = await readSettingsFile(path, path);
  if (file === undefined) return {};
  const prices = checked(file, subscriptionsSetting, z.record(z.string().min(1), z.number().min(0)), 'Write { "Langfuse Core": 29 }, in dollars a month.');
  const seconds = checked(file, coldStartSetting, z.number().min(0).max(3600), 'Write a number of seconds, such as 3.');
  return {
    ...(prices === undefined ? {} : { subscriptions: Object.entries(prices).map(([name, usdPerMonth]) => ({ name, usdPerMonth })) }),
    // As in the editor, nought is the default and says nothing.
    ...(seconds === undefined || seconds === 0 ? {} : { secondsPerColdStart: seconds }),
  };
}

function checked<T>(file: SettingsFile, setting: string, schema: z.ZodType<T>, hint: string): T | undefined {
  const value = file.values[setting];
  if (value === undefined || value === null) return undefined;
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new AssassinError('invalid-config', `The setting ${setting} is wrong: ${plainIssues(result.error)}. It stands in ${file.placeOf(setting)}.`, { hint, data: { setting } });
}

import type { UsageReport } from '../../shared/usage-report.ts';

/** Of what the tokens are that models did not have to read, and of which runs a part is not known. */
export function sparedText({ definitionTokens, resultTokens, runs, unrecorded }: NonNullable<UsageReport['spared']>, whole: (value: number) => string): string {
  const definitions = unrecorded === runs ? 'definitions of tools not recorded' : `${whole(definitionTokens)} of definitions of tools${unrecorded === 0 ? '' : `, not recorded for ${whole(unrecorded)} of ${whole(runs)} runs`}`;
  return `${definitions}; ${whole(resultTokens)} of results`;
}

import type { UsageFormat } from '../shared/protocol-figures.ts';
import type { RunRecord } from '../shared/usage-report.ts';
import type { ReportAssumptions } from '../savings/report/usage-report.ts';

/** A report over records as `savings export` of the command line writes it. */
export async function usageText(records: readonly RunRecord[], format: UsageFormat, assumptions: ReportAssumptions): Promise<string> {
  if (format === 'json') return (await import('../savings/report/records-file.ts')).toRecordsFile(records);
  const { buildReport } = await import('../savings/report/usage-report.ts');
  const { report, services } = buildReport(records, assumptions);
  if (format === 'csv') return (await import('../savings/report/to-csv.ts')).toCsv(records, services);
  return (await import('../savings/report/to-html.ts')).toHtml(report, { title: 'What the runs cost and saved', createdAt: new Date() });
}

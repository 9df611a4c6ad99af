import { journalCosts } from './trace/journal-costs.ts';
import { ingestRates } from './trace/ingest-rates.ts';
import { wholeRuns } from './trace/whole-runs.ts';

/** What the record costs: an event by itself, a run with and without it, and how fast spans of other programs are taken in. */
export default async function trace() {
  return [...(await journalCosts()), ...(await wholeRuns()), ...(await ingestRates())];
}

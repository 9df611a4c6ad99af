import type { Infrastructure } from './infrastructure.ts';
import type { Call } from './protocol-chat.ts';
import type { UsageReport } from './usage-report.ts';

/** What fills the panel beside a run, a new task and the history. */
export const figurePlaces = ['usage', 'infrastructure'] as const;
export type FigurePlace = (typeof figurePlaces)[number];

export interface UsageQuery {
  /** The last so many days (UTC), today among them; all where absent. */
  readonly days?: number;
  /** Of all folders on this machine. */
  readonly everywhere: boolean;
}

export const usageFormats = ['csv', 'json', 'html'] as const;
export type UsageFormat = (typeof usageFormats)[number];

export interface UsageAnswer {
  /** What this machine is called in reports. */
  readonly machine: string;
  /** Runs that were read; the report is absent while that goes on. */
  readonly read: number;
  readonly report?: UsageReport;
  /** First and last day that were asked for, ISO, UTC; the first is absent where all were. */
  readonly since?: string;
  readonly until: string;
  /** Records of other machines that the person has added, by file. */
  readonly files: readonly { readonly name: string; readonly runs: number }[];
}

export interface FigureMethods {
  /** Reading the records takes a while at first: an answer without a report is to be asked again, and comes within a second. */
  'usage.report': Call<UsageQuery, UsageAnswer>;
  /** Adds record files that the person chooses. False where they went back. */
  'usage.addFiles': Call<Record<string, never>, { readonly added: boolean }>;
  'usage.forgetFiles': Call<Record<string, never>, null>;
  /** Writes what is shown to a file that the person names. False where they went back. */
  'usage.export': Call<UsageQuery & { readonly format: UsageFormat }, { readonly written: boolean }>;
  'infrastructure.read': Call<Record<string, never>, Infrastructure>;
}

export interface FigureEvents {
  /** A person asked for this place. */
  'place': { readonly place: FigurePlace };
}

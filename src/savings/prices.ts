/** What a service can do of a run's work: the whole in one function, the browser sessions only, or the code only. */
export type Coverage = 'all' | 'browser' | 'code';

export interface Machine {
  readonly vcpu: number;
  /** GB where the service bills GB, GiB where it bills GiB: as its price list says. */
  readonly gb: number;
}

/** `usd` for `per` units (1 where absent), as the price list writes it: $0.12 for 3,600 seconds stays exact. */
export interface Rate {
  readonly usd: number;
  readonly per?: number;
}

/**
 * One service as it bills one piece of work: its duration is raised to the minimum, rounded up to whole steps, and multiplied with the rates.
 * Money in US dollars.
 */
export interface PriceRow {
  readonly service: string;
  readonly covers: Coverage;
  readonly region: string;
  /** Smallest billed step (1 where the vendor names none) and smallest billed duration, in milliseconds. */
  readonly stepMs: number;
  readonly minimumMs: number;
  /** Where sessions are billed by time alone. */
  readonly perSecond?: Rate;
  readonly perVcpuSecond?: Rate;
  readonly perGbSecond?: Rate;
  readonly perRequest?: Rate;
  /** What one would rent for it. Absent where sessions are billed by time alone. */
  readonly browserMachine?: Machine;
  readonly codeMachine?: Machine;
  /** `used` bills only the CPU time that was really used. */
  readonly cpu?: 'allocated' | 'used';
  /** `peak` bills the largest memory that was really used, at least `minimumGb`. */
  readonly memory?: 'allocated' | 'peak';
  readonly minimumGb?: number;
  /** What is free each month, or each day. Absent where there is nothing of the kind, or nothing is known. */
  readonly free?: { readonly every: 'month' | 'day'; readonly seconds?: number; readonly vcpuSeconds?: number; readonly gbSeconds?: number; readonly requests?: number };
  readonly source: string;
  /** The newest date for which the source confirms the price, ISO, as exact as the source is: a day, a month or only a year. */
  readonly asOf: string;
  /** `confirmed` by the vendor's own pages; `estimated` where a part is second-hand or disputed. */
  readonly mark: 'confirmed' | 'estimated';
  /** What a reader must know to check the figure. */
  readonly note?: string;
}

/** Public list prices. A figure that could not be confirmed is left out or makes its row `estimated`. */
export const prices: readonly PriceRow[] = [
  {
    service: 'AWS Lambda', covers: 'all', region: 'US East, x86',
    stepMs: 1, minimumMs: 1, perGbSecond: { usd: 0.0000166667 }, perRequest: { usd: 0.2, per: 1_000_000 },
    browserMachine: { vcpu: 1, gb: 2 }, codeMachine: { vcpu: 1, gb: 0.5 },
    free: { every: 'month', gbSeconds: 400_000, requests: 1_000_000 },
    source: 'aws.amazon.com/lambda/pricing', asOf: '2025-08', mark: 'confirmed',
    note: 'cold starts, billed since 2025-08-01, are not counted',
  },
  {
    service: 'Google Cloud Run functions', covers: 'all', region: 'tier 1, billed by request',
    stepMs: 100, minimumMs: 100, perVcpuSecond: { usd: 0.000024 }, perGbSecond: { usd: 0.0000025 }, perRequest: { usd: 0.4, per: 1_000_000 },
    browserMachine: { vcpu: 1, gb: 2 }, codeMachine: { vcpu: 1, gb: 0.5 },
    free: { every: 'month', vcpuSeconds: 180_000, gbSeconds: 360_000, requests: 2_000_000 },
    source: 'cloud.google.com/run/pricing', asOf: '2025', mark: 'confirmed',
  },
  {
    service: 'Bedrock AgentCore', covers: 'all', region: 'US East',
    stepMs: 1000, minimumMs: 1000, perVcpuSecond: { usd: 0.0895, per: 3600 }, perGbSecond: { usd: 0.00945, per: 3600 },
    browserMachine: { vcpu: 1, gb: 0 }, codeMachine: { vcpu: 1, gb: 0 }, cpu: 'used', memory: 'peak', minimumGb: 0.125,
    source: 'aws.amazon.com/bedrock/agentcore/pricing', asOf: '2026-09-19', mark: 'estimated',
    note: 'the vendor says that waiting costs no CPU; others doubt that it holds for its browser and code interpreter',
  },
  {
    service: 'Browserbase', covers: 'browser', region: 'any',
    stepMs: 1, minimumMs: 60_000, perSecond: { usd: 0.12, per: 3600 },
    free: { every: 'month', seconds: 3600 },
    source: 'browserbase.com/pricing', asOf: '2026', mark: 'estimated',
    note: 'one minute at least for each session; the hourly price above the plan is second-hand',
  },
  {
    service: 'Browserless', covers: 'browser', region: 'any',
    stepMs: 30_000, minimumMs: 30_000, perSecond: { usd: 0.002, per: 30 },
    free: { every: 'month', seconds: 30_000 },
    source: 'docs.browserless.io', asOf: '2026-05-25', mark: 'confirmed',
    note: 'units of 30 s at the price above the smallest paid plan; 1,000 units a month are free',
  },
  {
    service: 'Steel', covers: 'browser', region: 'any',
    stepMs: 1, minimumMs: 0, perSecond: { usd: 0.1, per: 3600 },
    source: 'docs.steel.dev', asOf: '2026-06-30', mark: 'confirmed',
    note: 'the Launch plan',
  },
  {
    service: 'Cloudflare Browser Run', covers: 'browser', region: 'any',
    stepMs: 1, minimumMs: 0, perSecond: { usd: 0.09, per: 3600 },
    free: { every: 'day', seconds: 600 },
    source: 'developers.cloudflare.com/browser-rendering/pricing', asOf: '2025-11-30', mark: 'estimated',
    note: 'the free plan has 10 minutes a day; the monthly fee of a paid plan is not counted',
  },
  {
    service: 'E2B', covers: 'code', region: 'any',
    stepMs: 1, minimumMs: 0, perVcpuSecond: { usd: 0.000014 }, perGbSecond: { usd: 0.0000045 },
    codeMachine: { vcpu: 2, gb: 0.5 },
    source: 'e2b.dev', asOf: '2026-08-06', mark: 'confirmed',
    note: 'the default sandbox of 2 vCPU and 512 MiB',
  },
  {
    service: 'Vercel Sandbox', covers: 'code', region: 'any',
    stepMs: 1, minimumMs: 0, perVcpuSecond: { usd: 0.128, per: 3600 }, perGbSecond: { usd: 0.0106, per: 3600 },
    codeMachine: { vcpu: 1, gb: 2 }, cpu: 'used',
    free: { every: 'month', vcpuSeconds: 18_000, gbSeconds: 1_512_000 },
    source: 'vercel.com/docs/vercel-sandbox/pricing', asOf: '2026-04', mark: 'estimated',
    note: '1 vCPU with 2 GB; the price of creating a sandbox is not counted',
  },
];

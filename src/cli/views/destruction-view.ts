import type { DestructionReport, LeaseReport } from '../../shared/dto.ts';
import { formatDuration } from '../../shared/duration.ts';
import type { Style } from '../style.ts';
import { clip, oneLine, wrap } from '../text.ts';

/** Each throwaway resource: what it was, how long it lived, whether it is gone and how that was made sure. */
export function renderDestruction(report: DestructionReport, style: Style, width: number): readonly string[] {
  if (report.leases.length === 0) return ['Nothing was created.'];
  const lines = report.leases.flatMap((lease) => {
    const head = `${gone(lease) ? style.good('✓') : style.bad('✗')} ${clip(`${lease.kind}: ${oneLine(lease.label)}`, width - 2)}`;
    return [head, ...wrap(`${life(lease)}; ${oneLine(lease.how)}`, width - 4).map((line) => style.dim(`    ${line}`))];
  });
  const left = report.leases.filter((lease) => !gone(lease)).length;
  const count = `${report.leases.length} ${report.leases.length === 1 ? 'resource' : 'resources'}`;
  const summary = report.clean ? style.good(`${count} created, all destroyed and verified.`) : style.bad(`${count} created, ${left} could not be verified as gone. The next start sweeps what is left.`);
  return [...lines, summary];
}

function gone(lease: LeaseReport): boolean {
  return lease.destroyedAt !== undefined && lease.verified;
}

function life(lease: LeaseReport): string {
  return lease.destroyedAt === undefined ? `created ${clock(lease.createdAt)}` : `created ${clock(lease.createdAt)}, destroyed ${clock(lease.destroyedAt)} after ${formatDuration(lease.destroyedAt - lease.createdAt)}`;
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString('en-GB', { hour12: false });
}

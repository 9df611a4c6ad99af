/** The program that records: its process and when that started, because numbers of processes are given out again. */
export interface HostIdentity {
  readonly pid: number;
  readonly start: string;
}

import { callRows } from './calls.ts';
import { cpuRows } from './cpu.ts';
import { memoryRows } from './memory.ts';
import { responsivenessRows } from './responsiveness.ts';
import { startRows } from './start.ts';

const parts = { memory: memoryRows, start: startRows, calls: callRows, cpu: cpuRows, responsiveness: responsivenessRows };
const asked = process.argv.slice(2);

// Memory first: what others leave behind would be counted in.
const rows = [];
for (const [name, part] of Object.entries(parts)) if (asked.length === 0 || asked.includes(name)) rows.push(...await part());
process.stdout.write(JSON.stringify(rows), () => process.exit());

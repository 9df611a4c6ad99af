import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { mcpDeclarations, type DeclaredServer } from '../../src/tools/schema-to-typescript.ts';

const root = fileURLToPath(new URL('../../', import.meta.url));

/** What the real compiler says of `program` beside the declarations, one error a line; nothing where it accepts it. */
export async function compile(servers: readonly DeclaredServer[], program = ''): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), 'test-tsc-'));
  try {
    writeFileSync(join(folder, 'mcp.d.ts'), `declare module 'assassin' {\n${mcpDeclarations(servers)}\nexport const mcp: McpServers;\n}\n`);
    writeFileSync(join(folder, 'program.ts'), `import { mcp } from 'assassin';\n${program}\nexport default mcp;\n`);
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions: { strict: true, noEmit: true, module: 'esnext', target: 'es2024', lib: ['ES2024'], types: [], skipLibCheck: false }, files: ['mcp.d.ts', 'program.ts'] }));
    const { stdout } = await promisify(execFile)(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], { maxBuffer: 64 * 1024 * 1024 }).catch((error: { stdout: string }) => error);
    return stdout.trim();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

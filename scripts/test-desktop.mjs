import { runCommand } from './lib/run.mjs';
import { inRoot, productEnv, productNode } from './lib/paths.mjs';
import { runMain } from './lib/steps.mjs';
import { setUp } from './setup.mjs';

await runMain(async () => {
  await setUp({ browser: false });
  const harness = [inRoot('test', 'vscode', 'harness', 'desktop.ts')];
  // Desktop VS Code needs a screen; on a machine without one a virtual one does.
  const virtual = process.platform === 'linux' && !process.env['DISPLAY'];
  const [command, args] = virtual ? ['xvfb-run', ['-a', productNode(), ...harness]] : [productNode(), harness];
  const result = await runCommand(command, args, { env: productEnv(), timeoutMs: 15 * 60_000 });
  if (virtual && result.error) {
    console.log('Skipped: there is no screen (DISPLAY) and no xvfb-run. Install it with "apt-get install -y xvfb", then run the command again.');
    return 0;
  }
  return result.code;
});

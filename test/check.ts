import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'

// `npm run check`: all three side by side. What one says comes when it has ended.

const commands = ['tsc --noEmit', 'biome check --error-on-warnings .', 'knip']
const env = { ...process.env, ...(process.stdout.isTTY && { FORCE_COLOR: '1' }) }

async function run(command: string): Promise<void> {
  const child = spawn(command, { shell: true, env, stdio: ['ignore', 'pipe', 'pipe'] })
  const [[code], ...said] = await Promise.all([once(child, 'close'), text(child.stdout), text(child.stderr)])
  process.stdout.write(said.join(''))
  if (code === 0) return
  console.error(`Failed: ${command}`)
  process.exitCode = 1
}

await Promise.all(commands.map(run))

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const serverProcess = fileURLToPath(new URL('server-process.ts', import.meta.url))

/**
 * PostgreSQL from the npm package, in a fresh folder inside `folder`, which goes when it ends. It ends with this program.
 * `settings` are as in `fsync=on`.
 */
export async function startServer(
  folder: string,
  settings: string[] = [],
): Promise<{ url: string; stop: () => Promise<void> }> {
  // In a group of its own: Ctrl C ends the tests first.
  const child = spawn(process.execPath, [serverProcess, folder, ...settings], {
    detached: true,
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text))
  const ended = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
    child.once('error', reject)
    child.once('exit', () => reject(new Error(said)))
  })
  return {
    url,
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

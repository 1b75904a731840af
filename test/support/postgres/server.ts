import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

const serverProcess = fileURLToPath(new URL('server-process.ts', import.meta.url))

export type TestServer = {
  url: string
  /** Ends it by a signal: SIGTERM waits for its users, SIGINT ends their connections, SIGQUIT leaves all as it is. */
  halt(signal: 'SIGTERM' | 'SIGINT' | 'SIGQUIT'): Promise<void>
  /** Again, at the same address. */
  start(): Promise<void>
  stop(): Promise<void>
}

/**
 * PostgreSQL from the npm package, in a fresh folder inside `folder`, which goes when it ends. It ends with this program.
 * `settings` are as in `fsync=on`.
 */
export async function startServer(folder: string, settings: string[] = []): Promise<TestServer> {
  const args = [serverProcess, folder, ...settings]
  // In a group of its own: Ctrl C ends the tests first.
  const child = spawn(process.execPath, args, { detached: true, stdio: ['pipe', 'pipe', 'pipe'] })
  let said = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (said += text))
  const ended = once(child, 'exit')
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').once('data', (text: string) => resolve(text.trim()))
    child.once('error', reject)
    child.once('exit', () => reject(new Error(said)))
  })

  async function order(line: string): Promise<void> {
    const done = once(child.stdout, 'data')
    child.stdin.write(`${line}\n`)
    await done
  }

  return {
    url,
    halt: (signal) => order(`halt ${signal}`),
    start: () => order('start'),
    async stop() {
      child.stdin.end()
      await ended
    },
  }
}

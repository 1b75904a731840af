import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { temporaryFolder } from '../temporary.ts'
import { selfSigned } from './certificates.ts'

export const hasNginx = spawnSync('nginx', ['-v']).status === 0

/** Runs nginx with the file of `deploy` as it is, but for ports and the certificate. Resolves to its ports. */
export async function startNginx(text: string, dashboardUrl: string): Promise<{ http: number; https: number }> {
  const folder = temporaryFolder()
  const [http, https] = [await freePort(), await freePort()]
  writeFileSync(join(folder, 'fullchain.pem'), selfSigned.cert)
  writeFileSync(join(folder, 'privkey.pem'), selfSigned.key)
  mkdirSync(join(folder, 'temporary'))
  const servers = text
    .replaceAll(/listen \[::\]:\d+(?: ssl)?;/g, '')
    .replace('listen 80;', `listen 127.0.0.1:${http};`)
    .replace('listen 443 ssl;', `listen 127.0.0.1:${https} ssl;`)
    .replaceAll('/etc/ssl/tools.example.com', folder)
    .replace('http://127.0.0.1:8000', dashboardUrl)
  writeFileSync(join(folder, 'main.conf'), around(servers))
  const args = ['-p', folder, '-c', 'main.conf', '-e', 'stderr']
  const { status, stderr } = spawnSync('nginx', ['-t', ...args], { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
  const nginx = spawn('nginx', args, { stdio: ['ignore', 'ignore', 'pipe'] })
  onTestFinished(async () => {
    nginx.kill('SIGTERM')
    await once(nginx, 'close')
  })
  let printed = ''
  nginx.stderr.setEncoding('utf8').on('data', (more) => (printed += more))
  while (!printed.includes('start worker process ')) await once(nginx.stderr, 'data')
  return { http, https }
}

function around(servers: string): string {
  const kinds = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']
  // Else its workers may not read the folder of the test.
  const user = process.getuid?.() === 0 ? 'user root;' : ''
  return `${user} daemon off; pid nginx.pid; error_log stderr notice;
    events {}
    http { access_log off; ${kinds.map((kind) => `${kind}_temp_path temporary/${kind};`).join(' ')} ${servers} }`
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  return port
}

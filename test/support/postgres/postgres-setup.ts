import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import type { TestProject } from 'vitest/node'
import { fastestFolder } from '../temporary-setup.ts'
import type { TestCluster } from './cluster.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** A port that answers with the address of a new PostgreSQL database, or with why there is none. */
    postgres: number
  }
}

/** PostgreSQL is started when the first test asks for a database, and ends with the run. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  let cluster: Promise<TestCluster> | undefined

  async function start(): Promise<TestCluster> {
    const { startCluster } = await import('./cluster.ts')
    return startCluster(fastestFolder(), `configurable_agents_test_${randomBytes(4).toString('hex')}`)
  }

  async function answer(): Promise<object> {
    try {
      cluster ??= start()
      return { url: await (await cluster).newDatabase() }
    } catch (error) {
      return { error: String(error) }
    }
  }

  const server = createServer(async (socket) => {
    socket.on('error', () => {})
    socket.end(JSON.stringify(await answer()))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  project.provide('postgres', (server.address() as AddressInfo).port)
  return async () => {
    server.close()
    await (await cluster?.catch(() => undefined))?.stop()
  }
}

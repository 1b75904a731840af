import Database from 'better-sqlite3'
import { systemClock } from '../../../src/shared/time/clock.ts'
import { openStore, type Store } from '../../../src/store/sqlite/file/open.ts'
import type { Order, Report } from './other-program.ts'

// The process behind startOtherProgram: does what it is told, one order after the other, and reports each.

const connections = new Map<string, Database.Database>()
let store: Store | undefined

process.on('message', async (order: Order) => {
  const report: Report = { error: undefined }
  try {
    report.answer = await carryOut(order)
  } catch (error) {
    report.error = (error as Error).message
  }
  process.send!(report, () => {
    if (order.order === 'stop') process.exit(0)
  })
})

async function carryOut(order: Order): Promise<string | undefined> {
  switch (order.order) {
    case 'dashboard':
      store = openStore(order.path, systemClock)
      return undefined
    case 'write':
      await store!.write(() => store!.db.$client.exec(order.sql))
      return undefined
    case 'fault':
      return store!.fault()?.reason
    case 'stop':
      await store?.close()
      return undefined
    case 'close':
      connections.get(order.path)?.close()
      connections.delete(order.path)
      return undefined
    case 'sql': {
      const connection = connections.get(order.path) ?? new Database(order.path)
      connections.set(order.path, connection)
      connection.exec(order.sql)
      return undefined
    }
  }
}

import Database from 'better-sqlite3'
import { systemClock } from '../../src/clock.ts'
import { openStore } from '../../src/store/open.ts'
import type { Order, Report } from './other-program.ts'

// The process behind startOtherProgram: does what it is told, one order after the other, and reports each.

const connections = new Map<string, Database.Database>()

process.on('message', (order: Order) => {
  const report: Report = { error: undefined }
  try {
    carryOut(order)
  } catch (error) {
    report.error = (error as Error).message
  }
  process.send!(report)
})

function carryOut(order: Order): void {
  if (order.order === 'dashboard') {
    openStore(order.path, systemClock)
    return
  }
  const connection = connections.get(order.path) ?? new Database(order.path)
  connections.set(order.path, connection)
  connection.exec(order.sql)
}

import { describe } from 'vitest'
import { createHistory } from '../support/history/any-history.ts'
import { openTestStore } from '../support/store/store.ts'
import { accessContract } from './access.ts'
import { agentContract } from './agents.ts'
import { auditContract } from './audit.ts'
import { bulkContract } from './bulk.ts'
import { healthContract } from './health.ts'
import { historyContract } from './history/history.ts'
import { runContract } from './runs.ts'
import { savedViewContract } from './saved-views.ts'
import { backupContract, upkeepContract } from './upkeep.ts'

const open = () => openTestStore().store

describe('access', () => accessContract(open))
describe('agents', () => agentContract(open))
describe('audit', () => auditContract(open))
describe('health', () => healthContract(open))
describe('history', () => historyContract(createHistory))
describe('runs', () => runContract(open))
describe('upkeep', () => {
  upkeepContract(open)
  backupContract(open)
})
describe('bulk actions', () => bulkContract(open))
describe('saved views', () => savedViewContract(open))

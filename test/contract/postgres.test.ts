import { describe } from 'vitest'
import { createPostgresHistory } from '../support/history/postgres-history.ts'
import { openTestPostgres } from '../support/store/postgres.ts'
import { accessContract } from './access.ts'
import { agentContract } from './agents.ts'
import { auditContract } from './audit.ts'
import { bulkContract } from './bulk.ts'
import { healthContract } from './health.ts'
import { historyContract } from './history/history.ts'
import { runContract } from './runs.ts'
import { savedViewContract } from './saved-views.ts'
import { upkeepContract } from './upkeep.ts'

const open = async () => (await openTestPostgres()).store

describe('access', () => accessContract(open))
describe('agents', () => agentContract(open))
describe('audit', () => auditContract(open))
describe('health', () => healthContract(open))
describe('history', () => historyContract(createPostgresHistory))
describe('runs', () => runContract(open))
describe('upkeep', () => upkeepContract(open))
describe('bulk actions', () => bulkContract(open))
describe('saved views', () => savedViewContract(open))

import { describe } from 'vitest'
import { openTestStore } from '../support/store.ts'
import { agentContract } from './agents.ts'
import { healthContract } from './health.ts'
import { runContract } from './runs.ts'

const open = () => openTestStore().store

describe('agents', () => agentContract(open))
describe('health', () => healthContract(open))
describe('runs', () => runContract(open))

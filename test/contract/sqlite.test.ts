import { describe } from 'vitest'
import { openTestStore } from '../support/store.ts'
import { agentContract } from './agents.ts'

const open = () => openTestStore().store

describe('agents', () => agentContract(open))

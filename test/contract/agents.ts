import { describe, expect, test } from 'vitest'
import type { AgentRecord, NewAgent } from '../../src/store/ports/agents.ts'
import { asKept, hostileTexts } from './hostile-texts.ts'
import type { OpenStore } from './open.ts'

const at = Date.UTC(2026, 10, 22, 16, 14, 30, 57)

const newAgent = (id: string, more: Partial<NewAgent> = {}): NewAgent => ({
  id,
  name: id,
  url: 'http://localhost:8001/a',
  host: 'localhost',
  port: 8001,
  metadata: '{}',
  registeredBy: 'hand',
  ttlSeconds: 60,
  at,
  ...more,
})

function recordOf({ at, ...agent }: NewAgent, more: Partial<AgentRecord> = {}): AgentRecord {
  return {
    ...agent,
    registeredAt: at,
    lastHeartbeatAt: at,
    pausedAt: undefined,
    checkIntervalSeconds: undefined,
    checkTimeoutSeconds: undefined,
    givenDescription: undefined,
    credential: undefined,
    ca: undefined,
    fingerprint: undefined,
    healthPath: undefined,
    ...more,
  }
}

/** What every store does with agents. */
export function agentContract(openStore: OpenStore): void {
  describe('a registration', () => {
    test('is read as it was saved', async () => {
      const { agents } = await openStore()
      const writer = newAgent('writer', { name: 'Größe "1"', metadata: '{"n": 1.0}' })
      expect(await agents.save(writer)).toEqual(recordOf(writer))
      expect(await agents.get('writer')).toEqual(recordOf(writer))
      expect(await agents.all()).toEqual([recordOf(writer)])
      expect(await agents.get('Writer')).toBeUndefined()
    })

    test('replaces an earlier one, but not when that was, nor how a person has it checked', async () => {
      const { agents } = await openStore()
      await agents.save(newAgent('writer'))
      const kept = { pausedAt: at + 1, checkIntervalSeconds: 7.5, checkTimeoutSeconds: 2 }
      await agents.change('writer', kept)
      const again = newAgent('writer', {
        name: 'Writer 2',
        url: 'https://agents.example/writer',
        host: 'agents.example',
        port: 443,
        ttlSeconds: 600,
        metadata: null,
        at: at + 60_000,
      })
      const expected = recordOf(again, { ...kept, registeredAt: at })
      expect(await agents.save(again)).toEqual(expected)
      expect(await agents.all()).toEqual([expected])
    })

    test('of an agent by itself keeps what a person called it, one by hand does not', async () => {
      const { agents } = await openStore()
      const itself = newAgent('writer', { registeredBy: 'self' })
      await agents.save(itself)
      await agents.change('writer', { name: 'Ours', givenName: 'Ours', givenDescription: 'Writes.' })
      expect(await agents.save(itself)).toEqual(recordOf(itself, { name: 'Ours', givenDescription: 'Writes.' }))
      const byHand = newAgent('writer')
      expect(await agents.save(byHand)).toEqual(recordOf(byHand))
      expect(await agents.save(itself)).toEqual(recordOf(itself))
    })

    test.each(Object.entries(hostileTexts))('keeps %s', async (_, text) => {
      const { agents } = await openStore()
      const { name, metadata } = await agents.save(newAgent('writer', { name: text, metadata: text }))
      expect([name, metadata]).toEqual([asKept(text, name), asKept(text, metadata!)])
      expect(await agents.all()).toMatchObject([{ name, metadata }])
    })
  })

  test('a change changes what it names, and nothing where there is no such agent', async () => {
    const { agents } = await openStore()
    const writer = newAgent('writer', { registeredBy: 'self' })
    await agents.save(writer)
    await agents.save(newAgent('other'))
    expect(await agents.change('writer', { name: 'W', checkIntervalSeconds: 5, pausedAt: at })).toEqual(
      recordOf(writer, { name: 'W', checkIntervalSeconds: 5, pausedAt: at }),
    )
    const moved = { url: 'https://agents.example/w', host: 'agents.example', port: 443 }
    const last = recordOf(writer, { ...moved, name: 'W', metadata: '{"a":1}' })
    expect(
      await agents.change('writer', {
        url: moved.url,
        metadata: '{"a":1}',
        checkIntervalSeconds: undefined,
        pausedAt: undefined,
      }),
    ).toEqual(last)
    expect(await agents.change('gone', { name: 'G' })).toBeUndefined()
    expect(await agents.change('writer', {})).toEqual(await agents.get('writer'))
    expect(await agents.change('gone', {})).toBeUndefined()
    expect(await agents.all()).toEqual([last, recordOf(newAgent('other'))])
  })

  test('agents come in the order of their registration, and of one moment in that in which they were added', async () => {
    const { agents } = await openStore()
    await agents.save(newAgent('b', { at: at + 1 }))
    for (const id of ['c', 'd', 'a']) await agents.save(newAgent(id))
    await agents.save(newAgent('d', { at: at + 2 }))
    expect((await agents.all()).map(({ id }) => id)).toEqual(['c', 'd', 'a', 'b'])
  })

  test('a heartbeat is noted, silently', async () => {
    const store = await openStore()
    await store.agents.save(newAgent('writer'))
    const before = store.revision()
    expect(await store.agents.beat('writer', at + 5000)).toBe(true)
    expect(await store.agents.beat('gone', at + 5000)).toBe(false)
    expect(await store.agents.get('writer')).toMatchObject({ registeredAt: at, lastHeartbeatAt: at + 5000 })
    expect(store.revision()).toBe(before)
  })

  describe('how an agent is called', () => {
    const credential = { kind: 'basic', origin: 'http://localhost:8001', sealed: 'v1:YWJj', savedAt: at } as const
    const access = { credential, ca: 'PEM', fingerprint: 'AB:CD', healthPath: '/healthz' }

    test('is read as it was saved or changed', async () => {
      const { agents } = await openStore()
      await agents.save(newAgent('plain'))
      expect(await agents.save(newAgent('writer', access))).toMatchObject(access)
      const changed = { ...access, credential: { ...credential, kind: 'bearer' as const }, ca: undefined }
      const { ca, healthPath, ...change } = changed
      expect(await agents.change('writer', { ...change, ca })).toMatchObject(changed)
      expect(await agents.all()).toMatchObject([{ credential: undefined, ca: undefined }, changed])
    })

    test('stays when the agent registers again without a word of it, and goes where that says so', async () => {
      const { agents } = await openStore()
      await agents.save(newAgent('writer', access))
      expect(await agents.save(newAgent('writer', { registeredBy: 'self' }))).toMatchObject(access)
      const none = { credential: undefined, ca: undefined, fingerprint: undefined, healthPath: undefined }
      expect(await agents.save(newAgent('writer', none))).toMatchObject(none)
    })

    test('goes with the agent, and no later one of the same id has it', async () => {
      const store = await openStore()
      const { agents } = store
      await agents.save(newAgent('writer', access))
      await agents.remove('writer')
      expect(await agents.save(newAgent('writer'))).toMatchObject({ credential: undefined, healthPath: undefined })
    })
  })

  describe('the schema', () => {
    test('is forgotten when the agent is saved again', async () => {
      const { agents } = await openStore()
      await agents.save(newAgent('writer'))
      expect(await agents.schema('writer')).toBeUndefined()
      await agents.saveSchema('writer', '{}')
      expect(await agents.schema('writer')).toBe('{}')
      await agents.save(newAgent('writer'))
      expect(await agents.schema('writer')).toBeUndefined()
    })

    test.each(Object.entries(hostileTexts))('is kept with %s', async (_, text) => {
      const { agents } = await openStore()
      await agents.save(newAgent('writer'))
      await agents.saveSchema('writer', text)
      const read = await agents.schema('writer')
      expect(read).toBe(asKept(text, read!))
    })

    test('of an agent that has gone in the meantime is dropped', async () => {
      const { agents } = await openStore()
      await agents.saveSchema('gone', '{}')
      expect(await agents.schema('gone')).toBeUndefined()
      expect(await agents.all()).toEqual([])
    })
  })

  test('removing an agent tells whether there was one', async () => {
    const { agents } = await openStore()
    await agents.save(newAgent('writer'))
    await agents.save(newAgent('other'))
    expect(await agents.remove('writer')).toBe(true)
    expect(await agents.remove('writer')).toBe(false)
    expect(await agents.get('writer')).toBeUndefined()
    expect((await agents.all()).map(({ id }) => id)).toEqual(['other'])
  })

  test('the revision moves with every change that is not silent, and not by reading', async () => {
    const store = await openStore()
    const { agents } = store
    const seen = [store.revision()]
    const others = agents.revision()
    for (const change of [
      () => agents.save(newAgent('writer')),
      () => agents.change('writer', { name: 'W' }),
      () => agents.saveSchema('writer', '{}'),
      () => agents.remove('writer'),
    ]) {
      await change()
      seen.push(store.revision())
      await agents.all()
      expect(store.revision()).toBe(seen.at(-1))
    }
    expect(new Set(seen).size).toBe(seen.length)
    expect(agents.revision(), 'that of changes by others').toBe(others)
  })
}

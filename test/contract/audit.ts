import { expect, test } from 'vitest'
import type { AuditEntry } from '../../src/store/ports/audit.ts'
import { hostileTexts } from './hostile-texts.ts'
import type { OpenStore } from './open.ts'

const entry = (at: number, rest: Partial<AuditEntry> = {}): AuditEntry => ({
  ...{ at, actorId: 'user:1', actorName: 'ann', actorRole: 'admin', action: 'agent.pause' },
  ...{ subjectKind: 'agent', subjectId: 'writer', subjectName: 'Writer', agentId: 'writer' },
  ...{ details: null, address: null },
  ...rest,
})

export function auditContract(open: OpenStore): void {
  test('entries come back as they were added, the newest first', async () => {
    const { audit } = await open()
    const plain = entry(1)
    const full = entry(2, { details: { role: 'viewer', runs: 3, all: true, before: null }, address: '10.0.0.1' })
    const bare = entry(2, { subjectKind: null, subjectId: null, subjectName: null, agentId: null })
    await audit.add([plain, full])
    await audit.add([bare])
    const listed = await audit.list({}, { max: 9 })
    expect(listed.map(({ position: _, ...one }) => one)).toEqual([bare, full, plain])
    expect(listed.every(({ position }) => audit.isPosition(position))).toBe(true)
  })

  test('each word of a filter selects, and all of them together', async () => {
    const { audit } = await open()
    await audit.add([
      entry(1),
      entry(2, { actorName: 'bob' }),
      entry(3, { action: 'run.execute', subjectKind: 'run', subjectId: 'r' }),
      entry(4, { actorName: 'bob', action: 'run.execute', subjectKind: 'run', subjectId: 's', agentId: 'other' }),
    ])
    const found = async (filter: Parameters<typeof audit.list>[0]) =>
      (await audit.list(filter, { max: 9 })).map(({ at }) => at)
    expect(await found({ actorName: 'bob' })).toEqual([4, 2])
    expect(await found({ action: 'run.execute' })).toEqual([4, 3])
    expect(await found({ agentId: 'writer' })).toEqual([3, 2, 1])
    expect(await found({ subjectId: 'r' })).toEqual([3])
    expect(await found({ from: 2, to: 4 })).toEqual([3, 2])
    expect(await found({ actorName: 'bob', action: 'run.execute', agentId: 'other', from: 4, to: 5 })).toEqual([4])
    expect(await found({ actorName: 'Bob' })).toEqual([])
  })

  test('pages follow each other in both directions, also within one moment', async () => {
    const { audit } = await open()
    await audit.add([1, 1, 1, 2, 2].map((at, index) => entry(at, { subjectId: String(index) })))
    const ids = (list: AuditEntry[]) => list.map(({ subjectId }) => Number(subjectId))
    const first = await audit.list({}, { max: 2 })
    const second = await audit.list({}, { max: 2, older: first.at(-1)!.position })
    const third = await audit.list({}, { max: 2, older: second.at(-1)!.position })
    expect([first, second, third].map(ids)).toEqual([[4, 3], [2, 1], [0]])
    expect(ids(await audit.list({}, { max: 2, newer: third[0]!.position }))).toEqual([2, 1])
    expect(ids(await audit.list({}, { max: 2, newer: first[0]!.position }))).toEqual([])
  })

  test('what is no position is none', async () => {
    const { audit } = await open()
    for (const text of ['', '1', '1-', '-1', '1-1-1', '1e3-1', '1 -1']) expect(audit.isPosition(text)).toBe(false)
  })

  test('the names of those who did something, each once, up to so many', async () => {
    const { audit } = await open()
    expect(await audit.actorNames(9)).toEqual([])
    await audit.add(['bob', 'ann', 'bob', 'Cid'].map((actorName, at) => entry(at, { actorName })))
    expect(await audit.actorNames(9)).toEqual(['Cid', 'ann', 'bob'])
    expect(await audit.actorNames(2)).toEqual(['Cid', 'ann'])
  })

  test('entries that are too old go, a part at a time', async () => {
    const { audit } = await open()
    await audit.add(Array.from({ length: 700 }, (_, at) => entry(at)))
    expect(await audit.prune(699)).toBe(true)
    expect(await audit.prune(699)).toBe(false)
    expect((await audit.list({}, { max: 9 })).map(({ at }) => at)).toEqual([699])
  })

  test('a page that shows something else is not made anew for an entry', async () => {
    const store = await open()
    const before = store.revision()
    await store.audit.add([entry(1)])
    await store.audit.prune(9)
    expect(store.revision()).toBe(before)
  })

  test('any text may be a name', async () => {
    const { audit } = await open()
    const texts = Object.values(hostileTexts)
    await audit.add(
      texts.map((text, at) => entry(at, { actorName: text, subjectName: text, agentId: text, details: { text } })),
    )
    expect(await audit.list({}, { max: texts.length + 1 })).toHaveLength(texts.length)
  })
}
